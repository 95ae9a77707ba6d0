#include "common/sql/columns.h"

#include <gtest/gtest.h>

namespace veche::sql {
namespace {

enum class Colour { kRed = 1, kBlue = 2 };
struct Size {
  double height = 0;
};
struct Flag {
  std::string name;
  Colour colour = Colour::kRed;
  Size size;
  bool torn = false;
  absl::Time made;
  std::optional<absl::Time> mended;
};

template <auto... kPath>
constexpr Column<Flag> Field(absl::string_view name) {
  return MemberColumn<Flag, kPath...>(name);
}

constexpr Column<Flag> kFlags[] = {
    Field<&Flag::name>("name"),
    {"name_length", [](const Flag& flag) { return Value(flag.name.size()); }, nullptr},
    Field<&Flag::colour>("colour"),
    Field<&Flag::size, &Size::height>("height"),
    Field<&Flag::torn>("torn"),
    Field<&Flag::made>("made_at"),
    Field<&Flag::mended>("mended_at"),
};

TEST(ColumnsTest, StatementsFollowTheOrderOfTheTable) {
  EXPECT_EQ(ColumnList(kFlags), "name, name_length, colour, height, torn, made_at, mended_at");
  EXPECT_EQ(InsertStatement("flags", kFlags),
            "INSERT INTO flags (name, name_length, colour, height, torn, made_at, mended_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7)");
  EXPECT_EQ(SetExcluded(kFlags, 5), "made_at = excluded.made_at, mended_at = excluded.mended_at");
}

TEST(ColumnsTest, ReadsWhatItWrote) {
  const Flag flag{.name = "Вече",
                  .colour = Colour::kBlue,
                  .size = {1.5},
                  .torn = true,
                  .made = absl::FromUnixMicros(17),
                  .mended = absl::FromUnixMicros(18)};
  const Flag read = ReadObject(kFlags, Row(ColumnValues(kFlags, flag)));
  EXPECT_EQ(read.name, flag.name);
  EXPECT_EQ(read.colour, flag.colour);
  EXPECT_EQ(read.size.height, flag.size.height);
  EXPECT_EQ(read.torn, flag.torn);
  EXPECT_EQ(read.made, flag.made);
  EXPECT_EQ(read.mended, flag.mended);
}

TEST(ColumnsTest, AMissingTimeIsNull) {
  const std::vector<Value> values =
      ColumnValues(kFlags, {.name = "Вече", .made = absl::UnixEpoch()});
  EXPECT_TRUE(std::holds_alternative<std::monostate>(values.back().variant()));
  EXPECT_EQ(ReadObject(kFlags, Row(values)).mended, std::nullopt);
}

TEST(ColumnsTest, ChangesNameTheColumnsThatDiffer) {
  const Flag before{.name = "Вече", .made = absl::FromUnixMicros(17)};
  EXPECT_TRUE(ChangedColumns(kFlags, before, before).empty());
  Flag after = before;
  after.name = "Рада и вече";
  after.mended = absl::FromUnixMicros(18);
  std::vector<absl::string_view> names;
  for (const ColumnValue& column : ChangedColumns(kFlags, before, after)) {
    names.push_back(column.name);
    if (column.name == "mended_at") {
      EXPECT_EQ(column.value, Value(18));
    }
  }
  EXPECT_EQ(names, (std::vector<absl::string_view>{"name", "name_length", "mended_at"}));
}

}  // namespace
}  // namespace veche::sql
