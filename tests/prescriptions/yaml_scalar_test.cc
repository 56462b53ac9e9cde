#include "prescriptions/yaml_scalar.h"

#include <gtest/gtest.h>

#include <cmath>

namespace prescriptions {
namespace {

using Type = ScalarType;

struct TypeRow {
  const char* text;
  Type type;
};

class PlainScalar : public testing::TestWithParam<TypeRow> {};

TEST_P(PlainScalar, HasTheTypeOfYaml11) {
  EXPECT_EQ(plain_scalar_type(GetParam().text), GetParam().type) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Types, PlainScalar,
    testing::Values(
        TypeRow{"", Type::kNull}, TypeRow{"~", Type::kNull}, TypeRow{"null", Type::kNull},
        TypeRow{"nULL", Type::kString}, TypeRow{"yes", Type::kBool}, TypeRow{"On", Type::kBool},
        TypeRow{"OFF", Type::kBool}, TypeRow{"y", Type::kString}, TypeRow{"oN", Type::kString},
        TypeRow{"0", Type::kInt}, TypeRow{"-0", Type::kInt}, TypeRow{"010", Type::kInt},
        TypeRow{"08", Type::kString}, TypeRow{"0x1F", Type::kInt}, TypeRow{"0xg", Type::kString},
        TypeRow{"0b101", Type::kInt}, TypeRow{"1_000", Type::kInt}, TypeRow{"1:30", Type::kInt},
        TypeRow{"1:60", Type::kString}, TypeRow{"0:30", Type::kString}, TypeRow{"+", Type::kString},
        TypeRow{"1.", Type::kFloat}, TypeRow{"1.5", Type::kFloat}, TypeRow{"-1.5", Type::kFloat},
        TypeRow{".5", Type::kFloat}, TypeRow{"-.5", Type::kString}, TypeRow{".", Type::kString},
        TypeRow{"1e3", Type::kString}, TypeRow{"1.0e3", Type::kString},
        TypeRow{"1.0e+3", Type::kFloat}, TypeRow{"1e-1", Type::kString},
        TypeRow{"1:30.5", Type::kFloat}, TypeRow{"-.inf", Type::kFloat},
        TypeRow{".NaN", Type::kFloat}, TypeRow{"-.nan", Type::kString},
        TypeRow{"1.2.3", Type::kString}, TypeRow{"2021-01-01", Type::kTimestamp},
        TypeRow{"2021-1-1", Type::kString}, TypeRow{"2021-01-01 10:00:00", Type::kTimestamp},
        TypeRow{"2021-01-01T10:00:00.5Z", Type::kTimestamp},
        TypeRow{"2021-01-01T10:00:00+01:00", Type::kTimestamp}, TypeRow{"<<", Type::kMerge},
        TypeRow{"=", Type::kValue}, TypeRow{"==1.0", Type::kString},
        TypeRow{"flask", Type::kString}));

TEST(ScalarValue, IntegersOfEveryBase) {
  EXPECT_EQ(int_value("010"), 8);
  EXPECT_EQ(int_value("0x1F"), 31);
  EXPECT_EQ(int_value("-0b101"), -5);
  EXPECT_EQ(int_value("1_000"), 1000);
  EXPECT_EQ(int_value("1:30"), 90);
  EXPECT_EQ(int_value("0"), 0);
}

TEST(ScalarValue, ANumberThatIsTooLargeIsNone) {
  EXPECT_FALSE(int_value("99999999999999999999"));
  EXPECT_FALSE(int_value("9223372036854775807:59"));
}

TEST(ScalarValue, Floats) {
  EXPECT_EQ(float_value("-1.5"), -1.5);
  EXPECT_EQ(float_value(".5"), 0.5);
  EXPECT_EQ(float_value("1."), 1.0);
  EXPECT_EQ(float_value("1.0e+1"), 10.0);
  EXPECT_EQ(float_value("1:30.5"), 90.5);
  EXPECT_EQ(float_value("-.inf"), -INFINITY);
  EXPECT_TRUE(std::isnan(*float_value(".nan")));
}

}  // namespace
}  // namespace prescriptions
