// What `seshat usage` finds in Python sources.
#include <gmock/gmock.h>

#include "plugin/usage/python_source.h"
#include "tests/plugin/program.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

using testing::HasSubstr;

std::string used(std::string_view source) {
  LibraryUsage usage;
  add_usage(source, usage);
  std::string text;
  for (const auto& [library, symbols] : usage) {
    text += library + ":";
    for (const std::string& symbol : symbols) text += " " + symbol;
    text += "\n";
  }
  return text;
}

struct UsageRow {
  const char* source;
  const char* found;
};
class Usage : public testing::TestWithParam<UsageRow> {};

TEST_P(Usage, IsReadFromTokens) {
  EXPECT_EQ(used(GetParam().source), GetParam().found) << GetParam().source;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Usage,
    testing::Values(UsageRow{"import tempfile\ntempfile.mktemp()\n", "tempfile: tempfile.mktemp\n"},
                    UsageRow{"import tempfile as t\nx = t.mktemp\n", "tempfile: tempfile.mktemp\n"},
                    UsageRow{"from tempfile import mktemp as m, mkstemp\nm()\n",
                             "tempfile: tempfile.mkstemp tempfile.mktemp\n"},
                    UsageRow{"from a.b import (\n  c,  # the first\n  d as e,\n)\ne.f.g()\n",
                             "a: a.b.c a.b.d a.b.d.f.g\n"},
                    UsageRow{"import a.b.c\na.b.c.d()\n", "a: a.b.c a.b.c.d\n"},
                    UsageRow{"import a.b as x, c\nx.y; c.z\n", "a: a.b a.b.y\nc: c.z\n"},
                    UsageRow{"from os import *\n", "os: os.*\n"},
                    UsageRow{"from . import tempfile\nfrom .x import y\ntempfile.mktemp()\n", ""},
                    UsageRow{"def f():\n  return t.mktemp()\nimport tempfile as t\n",
                             "tempfile: tempfile.mktemp\n"},
                    UsageRow{"if x: import tempfile\nself.tempfile.mktemp()\n", "tempfile:\n"},
                    UsageRow{"import t\n'''t.a'''\n\"t.b\" # t.c\nrb'\\'t.d'\n", "t:\n"},
                    UsageRow{"import t\nf'{t.a()} {{t.b}} {x:>{t.c}}'\n", "t: t.a t.c\n"},
                    UsageRow{"import t\nx = [t\n  .a,\n  t.b]\ny = t. \\\n  c\n",
                             "t: t.a t.b t.c\n"},
                    UsageRow{"import t\nx = 'not closed\nt.a\n", "t: t.a\n"},
                    UsageRow{"import t\ndef f(:\n  t.a ]]}\nimport u; u.b\n", "t: t.a\nu: u.b\n"},
                    UsageRow{"import numpy as np\nnp.linalg.norm(1.5e3, x.np.y)\n",
                             "numpy: numpy.linalg.norm\n"},
                    UsageRow{"import", ""}, UsageRow{"from", ""}, UsageRow{"from a import", "a:\n"},
                    UsageRow{"\\", ""}, UsageRow{"f'{", ""}, UsageRow{"'''", ""}));

TEST(UsageCommand, ReadsSourcesAndNotebooks) {
  support::TempDirectory directory;
  directory.write("app/main.py", "import tempfile, helper\nhelper.run(tempfile.mktemp())\n");
  directory.write("app/helper.py", "def run(x): pass\n");
  directory.write("app/.venv/lib/x.py", "import hidden\n");
  directory.write("app/book.ipynb", R"json({"cells": [
    {"cell_type": "markdown", "source": ["import prose"]},
    {"cell_type": "code", "source": ["%matplotlib inline\n", "import pandas as pd\n",
                                     "pd.read_csv(1)"]}], "nbformat": 4})json");
  directory.write("app/broken.ipynb", "{");
  const Ran ran = run_program({"usage", "--json", "app"}, directory.path());
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out,
            "{\n  \"pandas\": [\"pandas.read_csv\"],\n  \"tempfile\": [\"tempfile.mktemp\"]\n}\n");
  EXPECT_THAT(ran.err, HasSubstr("broken.ipynb"));
  EXPECT_EQ(run_program({"usage", "nowhere"}, directory.path()).exit_code, 2);
}

}  // namespace
}  // namespace plugin::test
