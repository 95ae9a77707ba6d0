#include "services/issuer/domain/issuance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/crypto/sha256.h"

namespace veche::issuer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

DistrictCount Named(std::string district, int64_t count) { return {std::move(district), count}; }

// "a=50 =9": credentials by district; "-" for none.
std::vector<DistrictCount> ReadCounts(absl::string_view text) {
  std::vector<DistrictCount> counts;
  if (text == "-") return counts;
  for (absl::string_view cell : absl::StrSplit(text, ' ')) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(cell, '=');
    int64_t count = 0;
    EXPECT_TRUE(absl::SimpleAtoi(parts.second, &count)) << cell;
    counts.push_back({parts.first, count});
  }
  return counts;
}

// The table of polling::protocol::PublishableDistricts, by which polls are verified.
TEST(PublishedCountsTest, FollowsTheProtocolsTable) {
  std::ifstream file(absl::StrCat(std::getenv("VECHE_SOURCE_DIR"),
                                  "/services/polling/protocol/testdata/publishable_districts.tsv"));
  std::string line;
  std::getline(file, line);  // the columns
  int rows = 0;
  for (; std::getline(file, line); ++rows) {
    const std::pair<std::string, std::string> cells = absl::StrSplit(line, '\t');
    DistrictCounts counts;
    for (const DistrictCount& count : ReadCounts(cells.first)) {
      counts[count.district] = count.count;
    }
    EXPECT_THAT(PublishedCounts(counts), ::testing::ElementsAreArray(ReadCounts(cells.second)))
        << line;
  }
  EXPECT_GT(rows, 10);
}

TEST(PublishedCountsTest, NamesDistrictsFromFifty) {
  EXPECT_THAT(PublishedCounts({{"districts/a", 50}, {"districts/b", 49}, {"districts/c", 90}}),
              ElementsAre(Named("districts/a", 50), Named("districts/c", 90), Named("", 49)));
}

TEST(PublishedCountsTest, ResidentsWithoutADistrictAreInTheRest) {
  EXPECT_THAT(PublishedCounts({{"", 70}, {"districts/a", 60}}),
              ElementsAre(Named("districts/a", 60), Named("", 70)));
}

TEST(PublishedCountsTest, ARestBelowTenTakesInTheSmallestDistricts) {
  EXPECT_THAT(PublishedCounts({{"districts/a", 80}, {"districts/b", 50}, {"districts/c", 9}}),
              ElementsAre(Named("districts/a", 80), Named("", 59)));
  EXPECT_THAT(PublishedCounts({{"districts/a", 50}, {"districts/b", 1}}),
              ElementsAre(Named("", 51)));
  EXPECT_THAT(PublishedCounts({{"districts/a", 80}, {"districts/b", 10}}),
              ElementsAre(Named("districts/a", 80), Named("", 10)));
}

TEST(PublishedCountsTest, NothingIsBrokenDownBelowTen) {
  EXPECT_THAT(PublishedCounts({}), IsEmpty());
  EXPECT_THAT(PublishedCounts({{"districts/a", 5}, {"districts/b", 4}}), IsEmpty());
}

TEST(PublishedCountsTest, NoCellIsBelowTenAndTheSumIsKept) {
  for (int64_t a = 0; a < 130; a += 7) {
    for (int64_t b = 0; b < 70; ++b) {
      const DistrictCounts counts{{"", 3}, {"districts/a", a}, {"districts/b", b}};
      int64_t sum = 0;
      for (const DistrictCount& count : PublishedCounts(counts)) {
        EXPECT_GE(count.count, count.district.empty() ? 10 : 50) << a << " " << b;
        sum += count.count;
      }
      EXPECT_EQ(sum, Sum(counts) < 10 ? 0 : Sum(counts)) << a << " " << b;
    }
  }
}

TEST(StatementTest, IsThatOfTheProtocol) {
  EXPECT_EQ(absl::BytesToHexString(StatementText("p1", 0x0102, true, "key")),
            absl::BytesToHexString("veche/issued/v1") + "0002" + "7031" + "0000000000000102" +
                "01" + absl::BytesToHexString(crypto::Sha256("key")));
}

}  // namespace
}  // namespace veche::issuer
