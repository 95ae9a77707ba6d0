#include "services/polling/protocol/definition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_replace.h"
#include "common/testing/status_matchers.h"
#include "services/polling/testing/test_poll.h"

namespace veche::polling::protocol {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::TestPoll;
using veche::testing::StatusIs;

TEST(DefinitionTest, CanonicalJsonIsReadBack) {
  const Definition definition = TestPoll(2).definition;
  const std::string json = EncodeDefinition(definition);
  EXPECT_THAT(json, StartsWith("{\"batch\":{\"ballots\":20,\"seconds\":600},\"boardKey\":\""));
  EXPECT_THAT(json, HasSubstr("\"texts\":{\"en\":\"In the \\\"south\\\"\"}"));
  EXPECT_THAT(json, HasSubstr("\"ru\":\"Опрос года\""));
  const auto parsed = ParseDefinition(json);
  ASSERT_OK(parsed);
  EXPECT_EQ(*parsed, definition);
}

TEST(DefinitionTest, EscapesControlCharactersAsRfc8785) {
  Definition definition = TestPoll().definition;
  definition.titles = {{"en", std::string("\b\t\n\f\r\x01\x1f\x7f/\\", 10)}};
  const std::string json = EncodeDefinition(definition);
  EXPECT_THAT(json, HasSubstr("\"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f/\\\\\""));
  ASSERT_OK(ParseDefinition(json));
}

struct Change {
  const char* from;
  const char* to;
  const char* problem;
};

TEST(DefinitionTest, NamesTheMemberThatIsWrong) {
  const std::string json = EncodeDefinition(TestPoll(2).definition);
  const Change changes[] = {
      {"\"protocol\":\"veche/poll/v1\"", "\"protocol\":\"veche/poll/v2\"", "protocol must be"},
      {"\"resultsHidden\":true", "\"resultsHidden\":true,\"trust\":1", "trust is not a member"},
      {"\"resultsHidden\":true,", "", "resultsHidden is missing"},
      {"\"resultsHidden\":true", "\"resultsHidden\":1", "resultsHidden must be true or false"},
      {"\"openTime\":1767225600", "\"openTime\":-1", "openTime must be an integer"},
      {"\"openTime\":1767225600", "\"openTime\":9007199254740992", "openTime must be an integer"},
      {"\"openTime\":1767225600", "\"openTime\":1.5", "openTime must be an integer"},
      {"\"minAge\":16", "\"minAge\":\"16\"", "eligibility.minAge must be an integer"},
      {"\"id\":\"south\"", "\"id\":\"north\"", "questions[0].options[1].id appears more than once"},
      {"\"id\":\"sports\"", "\"id\":\"park\"", "questions[1].id appears more than once"},
      {"\"id\":\"sports\"", "\"id\":\"Sports\"", "questions[1].id must have 1 to 32 characters"},
      {"\"name\":\"union\"", "\"name\":\"city\"", "issuers[1].name appears more than once"},
      {"\"price\":70", "\"price\":true", "questions[4].options[0].price must be an integer"},
      {"\"ru\":\"Опрос года\"", "\"ru\":7", "titles.ru must be a string"},
      {"\"titles\":{", "\"titles\":[{", "is not JSON"},
      {"\"districts\":[\"", "\"districts\":[7,\"", "districts[0] must be a string"},
      {"\"resultsHidden\":true", "\"resultsHidden\" : true", "is not canonical JSON"},
      {"\"resultsHidden\":true", "\"resultsHidden\":false,\"resultsHidden\":true",
       "is not canonical JSON"},
      {"The year", "\\u0054he year", "is not canonical JSON"},
      {"\"openTime\":1767225600", "\"openTime\":1767225600 ", "is not canonical JSON"},
      {"\"boardKey\":\"", "\"boardKey\":\"AAAA", "boardKey must have 32 bytes"},
      {"\"boardKey\":\"", "\"boardKey\":\"!", "boardKey must be base64"},
  };
  for (const Change& change : changes) {
    const std::string changed = absl::StrReplaceAll(json, {{change.from, change.to}});
    ASSERT_NE(changed, json) << change.from;
    const auto parsed = ParseDefinition(changed);
    EXPECT_THAT(parsed, StatusIs(absl::StatusCode::kInvalidArgument)) << change.to;
    EXPECT_THAT(std::string(parsed.status().message()), HasSubstr(change.problem)) << change.to;
  }
}

TEST(DefinitionTest, HasLimits) {
  Definition definition = TestPoll().definition;
  definition.issuers.clear();
  EXPECT_THAT(ParseDefinition(EncodeDefinition(definition)).status().message(),
              HasSubstr("issuers must have one or two items"));
  definition = TestPoll().definition;
  definition.questions.clear();
  EXPECT_THAT(ParseDefinition(EncodeDefinition(definition)).status().message(),
              HasSubstr("questions must have 1 to 20 items"));
}

TEST(DefinitionTest, RefusesOrReadsEveryMutation) {
  const std::string json = EncodeDefinition(TestPoll().definition);
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string changed = json;
    for (int j = static_cast<int>(random() % 3); j >= 0; --j) {
      const size_t at = random() % changed.size();
      switch (random() % 3) {
        case 0:
          changed[at] = static_cast<char>(random());
          break;
        case 1:
          changed.erase(at, random() % 40);
          break;
        default:
          changed.insert(at, changed.substr(random() % changed.size(), random() % 40));
      }
      if (changed.empty()) changed = "{";
    }
    const auto parsed = ParseDefinition(changed);
    if (parsed.ok()) {
      EXPECT_EQ(EncodeDefinition(*parsed), changed);
    }
  }
}

}  // namespace
}  // namespace veche::polling::protocol
