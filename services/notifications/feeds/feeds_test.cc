#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "common/testing/status_matchers.h"
#include "services/notifications/feeds/atom.h"
#include "services/notifications/feeds/cap.h"
#include "services/notifications/feeds/xml_reader.h"
#include "services/notifications/feeds/xml_writer.h"
#include "services/notifications/testing/cap_rules.h"
#include "services/notifications/testing/published_alerts.h"
#include "services/notifications/texts.h"

namespace veche::notifications {
namespace {

using testing::AlertUlid;
using testing::CapFaults;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kAlertTime;
using testing::MakeContext;
using testing::MakePublished;
using ::testing::Not;
using ::testing::SizeIs;

XmlElement Parse(const std::string& document) {
  auto root = ParseXml(document, "body");
  EXPECT_OK(root) << document;
  return root.ok() ? *root : XmlElement();
}

std::vector<const XmlElement*> All(const XmlElement& parent, absl::string_view name) {
  std::vector<const XmlElement*> found;
  for (const XmlElement& child : parent.children) {
    if (child.name == name) found.push_back(&child);
  }
  return found;
}

TEST(XmlWriterTest, EveryTextSurvivesAParser) {
  for (const std::string& text :
       {std::string("a & b < c > d \"e\" 'f'"), std::string("]]> <!-- --> <![CDATA["),
        std::string("две\nстроки\tи\rвозврат"), std::string("🌪")}) {
    XmlWriter xml;
    xml.Begin("a", {{"key", text}}).Element("b", text);
    const XmlElement root = Parse(xml.Finish());
    EXPECT_EQ(root.children.at(0).text, text);
  }
}

TEST(XmlWriterTest, WhatXmlCannotHoldIsReplaced) {
  XmlWriter xml;
  xml.Begin("a").Element("b", std::string("x\x01y\xFFz\xEF\xBF\xBFw\0v", 11));
  EXPECT_EQ(Parse(xml.Finish()).children.at(0).text, "x\xEF\xBF\xBDy\xEF\xBF\xBDz\xEF\xBF\xBDw v");
}

TEST(CapTest, FollowsTheRules) {
  std::vector<PublishedAlert> alerts = {MakePublished(1), MakePublished(1, 3)};
  alerts.push_back(MakePublished(2, 2));
  alerts.back().post.type = kAlertCancelled;
  alerts.back().revision.cancel_reason = "Прошёл стороной";
  PublishedAlert bare = MakePublished(3);
  bare.post.districts.clear();
  bare.post.topic = bare.revision.content.topic = "topics/unheard-of";
  bare.revision.content = {.topic = "topics/unheard-of", .titles = {{"uk", "Подія"}}};
  bare.revision.expire_time = std::nullopt;
  alerts.push_back(bare);
  for (const PublishedAlert& alert : alerts) {
    const std::string document = CapDocument(alert, MakeContext());
    EXPECT_THAT(CapFaults(Parse(document)), IsEmpty()) << document;
  }
}

TEST(CapTest, SaysWhatThePublicationSays) {
  const XmlElement alert = Parse(CapDocument(MakePublished(1, 3), MakeContext()));
  EXPECT_EQ(alert.TextOf("identifier"), AlertUlid(1) + ".3");
  EXPECT_EQ(alert.TextOf("sender"), "kazan.example");
  EXPECT_EQ(alert.TextOf("msgType"), "Update");
  EXPECT_EQ(alert.TextOf("sent"), "2026-09-21T17:13:22+03:00");
  EXPECT_EQ(alert.TextOf("references"), "kazan.example," + AlertUlid(1) +
                                            ".1,2026-09-21T17:13:20+03:00 kazan.example," +
                                            AlertUlid(1) + ".2,2026-09-21T17:13:21+03:00");
  const auto infos = All(alert, "info");
  ASSERT_THAT(infos, SizeIs(3));
  EXPECT_EQ(infos[0]->TextOf("language"), "ru");  // the city's comes first
  EXPECT_EQ(infos[0]->TextOf("event"), "Погода");
  EXPECT_EQ(infos[0]->TextOf("headline"), "Шторм «17 м/с»");
  EXPECT_EQ(infos[0]->TextOf("category"), "Met");
  EXPECT_EQ(infos[0]->TextOf("urgency"), "Immediate");
  EXPECT_EQ(infos[0]->TextOf("severity"), "Severe");
  EXPECT_EQ(infos[0]->TextOf("expires"), "2026-09-21T22:13:20+03:00");
  EXPECT_EQ(infos[0]->Find("resource")->TextOf("uri"),
            "https://kazan.example:8443/v1/alertFiles/00ff");
  EXPECT_EQ(infos[1]->TextOf("headline"), "Storm & hail <now>");
  const XmlElement& area = *infos[0]->Find("area");
  EXPECT_EQ(area.TextOf("areaDesc"), "Вахитовский");
  const auto polygons = All(area, "polygon");
  ASSERT_THAT(polygons, SizeIs(2));
  EXPECT_EQ(polygons[1]->text,
            "54.000000,48.000000 54.000000,48.500000 54.500000,48.500000 54.000000,48.000000");
  EXPECT_EQ(area.Find("geocode")->TextOf("value"), "a");
}

TEST(CapTest, TimesHaveAnOffset) {
  absl::TimeZone kyiv;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Kyiv", &kyiv) || absl::LoadTimeZone("Europe/Kiev", &kyiv));
  EXPECT_EQ(CapTime(kAlertTime, kyiv), "2026-09-21T17:13:20+03:00");
  EXPECT_EQ(CapTime(kAlertTime + absl::Milliseconds(999), absl::UTCTimeZone()),
            "2026-09-21T14:13:20-00:00");
}

TEST(CapTest, TheRulesFindFaults) {
  const std::string good = CapDocument(MakePublished(1, 2), MakeContext());
  const auto faults_with = [&](const std::string& from, const std::string& to) {
    std::string bad = good;
    const size_t at = bad.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    bad.replace(at, from.size(), to);
    return CapFaults(Parse(bad));
  };
  EXPECT_THAT(faults_with("<msgType>Update", "<msgType>Updated"), SizeIs(1));
  EXPECT_THAT(faults_with("+03:00", "Z"), Not(IsEmpty()));
  EXPECT_THAT(faults_with("<scope>Public</scope>", ""), SizeIs(1));
  EXPECT_THAT(faults_with("55.000000,49.000000", "55.000000,49.000001"), SizeIs(1));
  EXPECT_THAT(
      faults_with("<urgency>Immediate</urgency>", "<urgency>Immediate</urgency><event>x</event>"),
      Not(IsEmpty()));
}

class AtomTest : public ::testing::Test {
 protected:
  const Texts texts_ = *Texts::Parse({CommonTexts(), TextFiles()});
  const FeedName name_{"/feeds/alerts.atom?topic=topics/weather", "topics/weather", ""};
};

// RFC 4287, 4.1: what a feed and an entry must have.
void ExpectAtom(const XmlElement& feed) {
  EXPECT_EQ(feed.name, "feed");
  EXPECT_EQ(feed.space, "http://www.w3.org/2005/Atom");
  const std::regex time("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
  for (const char* required : {"id", "title", "updated", "author", "link"}) {
    EXPECT_NE(feed.Find(required), nullptr) << required;
  }
  EXPECT_FALSE(feed.Find("author")->TextOf("name").empty());
  std::set<std::string> ids = {feed.TextOf("id")};
  std::vector<const XmlElement*> all = All(feed, "entry");
  all.push_back(&feed);
  for (const XmlElement* part : all) {
    EXPECT_THAT(All(*part, "id"), SizeIs(1));
    EXPECT_THAT(All(*part, "title"), SizeIs(1));
    EXPECT_TRUE(std::regex_match(part->TextOf("updated"), time)) << part->TextOf("updated");
    EXPECT_THAT(part->TextOf("id"), ::testing::StartsWith("tag:kazan.example,2026:"));
    if (part != &feed) {
      EXPECT_TRUE(ids.insert(part->TextOf("id")).second);
    }
  }
}

TEST_F(AtomTest, HasAnEntryForEachAlert) {
  const std::vector<PublishedAlert> posts = {MakePublished(2), MakePublished(1, 2),
                                             MakePublished(1)};
  const XmlElement feed = Parse(AtomFeed(posts, name_, MakeContext(), texts_, "en"));
  ExpectAtom(feed);
  EXPECT_EQ(feed.TextOf("title"), "Alerts, Weather: Казань");
  const auto entries = All(feed, "entry");
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[1]->TextOf("updated"), "2026-09-21T14:13:21Z");
  EXPECT_EQ(entries[1]->TextOf("title"), "Storm & hail <now>");
  EXPECT_THAT(entries[0]->TextOf("content"), HasSubstr("Не стойте"));
}

TEST_F(AtomTest, SaysWhatIsCancelled) {
  PublishedAlert cancelled = MakePublished(1, 2);
  cancelled.post.type = kAlertCancelled;
  cancelled.revision.cancel_reason = "Прошёл стороной";
  const XmlElement feed = Parse(AtomFeed({cancelled}, name_, MakeContext(), texts_, "ru"));
  EXPECT_EQ(All(feed, "entry").at(0)->TextOf("title"), "Отменено: Шторм «17 м/с»");
  EXPECT_THAT(All(feed, "entry").at(0)->TextOf("content"), HasSubstr("Прошёл стороной"));
}

TEST_F(AtomTest, AnEmptyFeedIsValid) {
  ExpectAtom(Parse(AtomFeed({}, name_, MakeContext(), texts_, "tt")));
}

TEST_F(AtomTest, TheCapFeedHoldsAMessageForEachPost) {
  const std::vector<PublishedAlert> posts = {MakePublished(1, 2), MakePublished(1)};
  const XmlElement feed = Parse(CapFeed(posts, name_, MakeContext(), texts_, "ru"));
  ExpectAtom(feed);
  const auto entries = All(feed, "entry");
  ASSERT_THAT(entries, SizeIs(2));
  for (const XmlElement* entry : entries) {
    const XmlElement& content = *entry->Find("content");
    ASSERT_THAT(content.children, SizeIs(1));
    EXPECT_THAT(CapFaults(content.children[0]), IsEmpty());
  }
}

}  // namespace
}  // namespace veche::notifications
