// Lays out ELF files for tests: header, three program headers, dynamic section, versions, strings,
// text.
#include "tests/rpmenv/elf_file.h"

#include <elf.h>

#include <cstddef>
#include <cstring>
#include <map>

namespace tests {
namespace {

class Strings {
 public:
  std::uint32_t add(const std::string& text) {
    const auto [found, fresh] = known_.try_emplace(text, static_cast<std::uint32_t>(bytes_.size()));
    if (fresh) bytes_ += text + std::string(1, '\0');
    return found->second;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_ = std::string(1, '\0');
  std::map<std::string, std::uint32_t> known_ = {{"", 0}};
};

template <class T>
void append(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string version_definitions(const std::vector<std::string>& nodes, Strings& strings) {
  std::string out;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Elf64_Verdef definition{};
    definition.vd_version = 1;
    definition.vd_flags = i == 0 ? VER_FLG_BASE : 0;
    definition.vd_ndx = static_cast<Elf64_Half>(i + 1);
    definition.vd_cnt = 1;
    definition.vd_aux = sizeof definition;
    definition.vd_next = i + 1 < nodes.size() ? sizeof(Elf64_Verdef) + sizeof(Elf64_Verdaux) : 0;
    append(out, definition);
    append(out, Elf64_Verdaux{.vda_name = strings.add(nodes[i]), .vda_next = 0});
  }
  return out;
}

std::string version_needs(const ElfFile& file, Strings& strings, std::uint64_t& count) {
  std::string out;
  std::size_t last = 0;
  for (std::size_t i = 0; i < file.needs.size(); ++i) {
    auto nodes = file.needs[i].second;
    const std::size_t strong = nodes.size();
    if (i + 1 == file.needs.size()) nodes.insert(nodes.end(), file.weak.begin(), file.weak.end());
    if (nodes.empty()) continue;
    ++count;
    last = out.size();
    Elf64_Verneed need{};
    need.vn_version = 1;
    need.vn_cnt = static_cast<Elf64_Half>(nodes.size());
    need.vn_file = strings.add(file.needs[i].first);
    need.vn_aux = sizeof need;
    need.vn_next = static_cast<Elf64_Word>(sizeof need + nodes.size() * sizeof(Elf64_Vernaux));
    append(out, need);
    for (std::size_t k = 0; k < nodes.size(); ++k) {
      Elf64_Vernaux aux{};
      aux.vna_flags = k >= strong ? VER_FLG_WEAK : 0;
      aux.vna_name = strings.add(nodes[k]);
      aux.vna_next = k + 1 < nodes.size() ? sizeof aux : 0;
      append(out, aux);
    }
  }
  if (!out.empty()) patch(out, last + offsetof(Elf64_Verneed, vn_next), Elf64_Word{0});
  return out;
}

}  // namespace

std::string ElfFile::bytes() const {
  Strings strings;
  std::vector<Elf64_Dyn> dynamic;
  const auto entry = [&](Elf64_Sxword tag, std::uint64_t value) {
    Elf64_Dyn one{};
    one.d_tag = tag;
    one.d_un.d_val = value;
    dynamic.push_back(one);
  };
  for (const auto& [library, nodes] : needs) entry(DT_NEEDED, strings.add(library));
  if (!soname.empty()) entry(DT_SONAME, strings.add(soname));
  if (!run_path.empty()) entry(DT_RUNPATH, strings.add(run_path));
  std::uint64_t need_count = 0;
  const std::string defined = version_definitions(definitions, strings);
  const std::string needed = version_needs(*this, strings, need_count);
  // Addresses are offsets; the loader's path is put behind the strings.
  const std::size_t extra = 2 + (defined.empty() ? 0 : 2) + (needed.empty() ? 0 : 2) + 1;
  const std::size_t defined_at = kDynamicAt + (dynamic.size() + extra) * sizeof(Elf64_Dyn);
  const std::size_t needed_at = defined_at + defined.size(), strings_at = needed_at + needed.size();
  const std::size_t loader_at = strings_at + strings.bytes().size();
  if (!defined.empty()) {
    entry(DT_VERDEF, defined_at);
    entry(DT_VERDEFNUM, definitions.size());
  }
  if (!needed.empty()) {
    entry(DT_VERNEED, needed_at);
    entry(DT_VERNEEDNUM, need_count);
  }
  entry(DT_STRTAB, strings_at);
  entry(DT_STRSZ, strings.bytes().size());
  entry(DT_NULL, 0);

  const std::string path = loader + std::string(1, '\0');
  const std::size_t size = loader_at + path.size() + text.size();
  std::string out;
  Elf64_Ehdr head{};
  std::memcpy(head.e_ident, ELFMAG, SELFMAG);
  head.e_ident[EI_CLASS] = ELFCLASS64;
  head.e_ident[EI_DATA] = ELFDATA2LSB;
  head.e_ident[EI_VERSION] = EV_CURRENT;
  head.e_type = ET_DYN;
  head.e_machine = machine;
  head.e_version = EV_CURRENT;
  head.e_phoff = sizeof head;
  head.e_ehsize = sizeof head;
  head.e_phentsize = sizeof(Elf64_Phdr);
  head.e_phnum = 3;
  append(out, head);
  const auto segment = [&](Elf64_Word type, std::uint64_t at, std::uint64_t length) {
    append(out, Elf64_Phdr{.p_type = type,
                           .p_flags = PF_R,
                           .p_offset = at,
                           .p_vaddr = at,
                           .p_paddr = at,
                           .p_filesz = length,
                           .p_memsz = length,
                           .p_align = 1});
  };
  segment(PT_LOAD, 0, size);
  segment(PT_DYNAMIC, kDynamicAt, dynamic.size() * sizeof(Elf64_Dyn));
  segment(loader.empty() ? PT_NULL : PT_INTERP, loader_at, path.size());
  for (const auto& one : dynamic) append(out, one);
  return out + defined + needed + strings.bytes() + path + text;
}

}  // namespace tests
