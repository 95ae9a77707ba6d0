#include "common/http/text.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche::http {
namespace {

using veche::testing::IsOkAndHolds;

TEST(TextTest, DecodesPercents) {
  EXPECT_THAT(PercentDecode("a%20b+c", false), IsOkAndHolds("a b+c"));
  EXPECT_THAT(PercentDecode("a%20b+c", true), IsOkAndHolds("a b c"));
  EXPECT_THAT(PercentDecode("%F0%9F%98%80", false), IsOkAndHolds("😀"));
  for (const char* bad :
       {"%", "%1", "%gg", "%00", "%FF", "%C0%80", "%ED%A0%80", "%F5%80%80%80", "%E2%82"}) {
    EXPECT_FALSE(PercentDecode(bad, false).ok()) << bad;
  }
}

TEST(TextTest, KnowsWhatIsAccepted) {
  EXPECT_TRUE(Accepts("", "text/event-stream"));
  EXPECT_TRUE(Accepts("text/*;q=0.1, application/json", "text/event-stream"));
  EXPECT_TRUE(Accepts("*/*", "text/event-stream"));
  EXPECT_FALSE(Accepts("*/*, text/event-stream;q=0", "text/event-stream"));
  EXPECT_FALSE(Accepts("application/json", "text/event-stream"));
  EXPECT_TRUE(AcceptsGzip("br, GZIP"));
  EXPECT_FALSE(AcceptsGzip("gzip;q=0, br"));
}

TEST(TextTest, KnowsWhichLanguageIsPreferred) {
  EXPECT_EQ(PreferredLanguage("ru"), "ru");
  EXPECT_EQ(PreferredLanguage("UK-ua"), "uk");
  EXPECT_EQ(PreferredLanguage("de, tt;q=0.3, en;q=0.7"), "en");
  EXPECT_EQ(PreferredLanguage("en;q=0.5, tt;q=0.5"), "en") << "the first of equals";
  EXPECT_EQ(PreferredLanguage("ru;q=0, tt;q=0.1"), "tt");
  EXPECT_EQ(PreferredLanguage(""), "");
  EXPECT_EQ(PreferredLanguage("*"), "");
  EXPECT_EQ(PreferredLanguage("de-DE, rus"), "");
}

TEST(TextTest, ComparesEntityTags) {
  EXPECT_TRUE(MatchesEtag("\"a\", W/\"b\"", "\"b\""));
  EXPECT_TRUE(MatchesEtag("*", "\"b\""));
  EXPECT_FALSE(MatchesEtag("\"a\"", "\"b\""));
  EXPECT_THAT(SingleEtag("W/\"a\""), IsOkAndHolds("a"));
  for (const char* bad : {"a", "\"a", "\"a\", \"b\"", "\""}) EXPECT_FALSE(SingleEtag(bad).ok());
}

TEST(TextTest, WritesDates) {
  EXPECT_EQ(FormatDate(absl::FromUnixSeconds(784111777)), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace veche::http
