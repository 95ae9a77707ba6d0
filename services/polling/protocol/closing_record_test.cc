#include "services/polling/protocol/closing_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/testing/status_matchers.h"
#include "services/polling/testing/test_poll.h"

namespace veche::polling::protocol {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TestPoll;
using District = ClosingRecord::District;

TEST(ClosingRecordTest, CanonicalJsonIsReadBack) {
  ClosingRecord record = TestPoll(2).MakeClosingRecord({7, 8});
  record.issuers[0].districts = {{"districts/north", 60}, {"", 12}};
  const std::string json = EncodeClosingRecord(record);
  EXPECT_THAT(json, ::testing::StartsWith("{\"closeTime\":1767830400,\"eligible\":100,\"issuers\":"
                                          "[{\"districts\":[{\"district\":\"districts/north\","));
  const auto parsed = ParseClosingRecord(json);
  ASSERT_OK(parsed);
  EXPECT_EQ(*parsed, record);
}

TEST(ClosingRecordTest, NamesTheMemberThatIsWrong) {
  const std::string json = EncodeClosingRecord(TestPoll().MakeClosingRecord({7}));
  const std::pair<const char*, std::pair<const char*, const char*>> changes[] = {
      {"issuers[0].issued must be an integer", {"\"issued\":7", "\"issued\":\"7\""}},
      {"eligible is missing", {"\"eligible\":100,", ""}},
      {"issuers[0].statement must have 64 bytes", {"\"statement\":\"", "\"statement\":\"AAAA"}},
      {"issuers[0].note is not a member", {"\"issued\":7", "\"issued\":7,\"note\":1"}},
      {"is not canonical JSON", {"\"issued\":7", "\"issued\": 7"}},
  };
  for (const auto& [problem, change] : changes) {
    const auto parsed =
        ParseClosingRecord(absl::StrReplaceAll(json, {{change.first, change.second}}));
    EXPECT_THAT(std::string(parsed.status().message()), HasSubstr(problem));
  }
}

TEST(ClosingRecordTest, StatementIsOfPollNumberStateAndKey) {
  TestPoll poll(2);
  const auto& issuers = poll.definition.issuers;
  const auto verify = [&](const std::string& id, uint64_t issued, bool final, size_t key,
                          const std::string& statement) {
    return VerifyIssuedStatement(id, issued, final, issuers[key].public_key,
                                 issuers[0].statement_key, statement);
  };
  const std::string statement = poll.Statement(0, 7);
  EXPECT_TRUE(verify(poll.definition.poll, 7, true, 0, statement));
  EXPECT_FALSE(verify(poll.definition.poll, 8, true, 0, statement));
  EXPECT_FALSE(verify(poll.definition.poll, 7, false, 0, statement));
  EXPECT_FALSE(verify(poll.definition.poll, 7, true, 1, statement));
  EXPECT_FALSE(verify("another", 7, true, 0, statement));
  EXPECT_FALSE(verify(poll.definition.poll, 7, true, 0, "short"));
  EXPECT_FALSE(verify(poll.definition.poll, 7, true, 0, poll.Statement(1, 7)));
}

// "a=50 =9": credentials by district; "-" for none.
std::vector<District> ReadCounts(absl::string_view text) {
  std::vector<District> counts;
  if (text == "-") return counts;
  for (absl::string_view cell : absl::StrSplit(text, ' ')) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(cell, '=');
    int64_t count = 0;
    EXPECT_TRUE(absl::SimpleAtoi(parts.second, &count)) << cell;
    counts.push_back({parts.first, count});
  }
  return counts;
}

// The issuer's tests read the same table.
TEST(PublishableDistrictsTest, FollowsTheTable) {
  std::ifstream file(absl::StrCat(std::getenv("VECHE_SOURCE_DIR"),
                                  "/services/polling/protocol/testdata/publishable_districts.tsv"));
  std::string line;
  std::getline(file, line);  // the columns
  int rows = 0;
  for (; std::getline(file, line); ++rows) {
    const std::pair<std::string, std::string> cells = absl::StrSplit(line, '\t');
    EXPECT_THAT(PublishableDistricts(ReadCounts(cells.first)),
                ::testing::ElementsAreArray(ReadCounts(cells.second)))
        << line;
  }
  EXPECT_GT(rows, 10);
}

TEST(PublishableDistrictsTest, NeverTellsASmallNumber) {
  EXPECT_THAT(PublishableDistricts({{"b", 60}, {"a", 50}, {"c", 20}, {"d", 1}, {"", 4}}),
              ElementsAre(District{"a", 50}, District{"b", 60}, District{"", 25}));
  EXPECT_THAT(PublishableDistricts({{"b", 60}, {"a", 50}}),
              ElementsAre(District{"a", 50}, District{"b", 60}));
  // The total less 110 would tell the 9.
  EXPECT_THAT(PublishableDistricts({{"b", 60}, {"a", 50}, {"c", 9}}),
              ElementsAre(District{"b", 60}, District{"", 59}));
  EXPECT_THAT(PublishableDistricts({{"c", 9}}), IsEmpty());
  EXPECT_THAT(PublishableDistricts({}), IsEmpty());
}

}  // namespace
}  // namespace veche::polling::protocol
