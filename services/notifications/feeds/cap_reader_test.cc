#include "services/notifications/feeds/cap_reader.h"

#include <gtest/gtest.h>

#include <random>

#include "common/testing/status_matchers.h"
#include "services/notifications/feeds/cap.h"
#include "services/notifications/feeds/xml_reader.h"
#include "services/notifications/testing/complaints.h"
#include "services/notifications/testing/published_alerts.h"
#include "services/notifications/texts.h"

namespace veche::notifications {
namespace {

using testing::Complaints;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::MakeContext;
using testing::MakePublished;
using ::testing::SizeIs;

std::string Cap(const std::string& info, const std::string& head = "") {
  return absl::StrCat(
      "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>1</identifier>"
      "<sender>met.example</sender><sent>2026-12-01T10:00:00+03:00</sent><status>Actual</status>",
      head.empty() ? "<msgType>Alert</msgType><scope>Public</scope>" : head, info, "</alert>");
}

std::string Info(const std::string& more, const std::string& language = "ru-RU",
                 const std::string& severity = "Severe") {
  return absl::StrCat("<info><language>", language,
                      "</language><category>Met</category><event>Ветер</event>"
                      "<urgency>Expected</urgency><severity>",
                      severity, "</severity><certainty>Likely</certainty>", more, "</info>");
}

TEST(CapReaderTest, ReadsAWarningInItsLanguages) {
  const auto message = ParseCap(Cap(absl::StrCat(
      Info("<expires>2026-12-02T10:00:00+03:00</expires><headline>Сильный\nветер</headline>"
           "<description>До 20 м/с</description><web>https://met.example/1</web>"
           "<area><areaDesc>Казань</areaDesc><polygon>55,49 55,50 56,50 55,49</polygon>"
           "<circle>55.8,49.1 10</circle><circle>55.8,49.1 0</circle><geocode>"
           "<valueName>district</valueName><value>a</value></geocode></area>"),
      Info("<expires>2026-12-02T10:00:00+03:00</expires><headline>Strong wind</headline>", "en"),
      Info("<headline>Vent</headline>", "fr"), Info("", "ru", "Minor"))));
  ASSERT_OK(message);
  EXPECT_EQ(message->source, "met.example,1,2026-12-01T10:00:00+03:00");
  ASSERT_THAT(message->warnings, SizeIs(2));
  const CapWarning& first = message->warnings[0];
  EXPECT_EQ(first.titles, (Titles{{"en", "Strong wind"}, {"ru", "Сильный ветер"}}));
  EXPECT_EQ(first.bodies, (Titles{{"ru", "До 20 м/с"}}));
  EXPECT_EQ(first.severity, Severity::kEmergency);
  EXPECT_EQ(first.link, "https://met.example/1");
  EXPECT_EQ(first.expire_time, absl::FromUnixSeconds(1'796'194'800));
  ASSERT_THAT(first.polygons, SizeIs(2));
  EXPECT_EQ(first.polygons[0][1], (geo::LatLng{55, 50}));
  EXPECT_EQ(first.polygons[1].front(), first.polygons[1].back());
  EXPECT_THAT(first.districts, ElementsAre("districts/a"));
  EXPECT_EQ(message->warnings[1].titles.at("ru"), "Ветер");  // the event, without a headline
  EXPECT_EQ(message->warnings[1].severity, Severity::kInfo);
}

TEST(CapReaderTest, ReadsWhatIsWrittenHere) {
  const PublishedAlert published = MakePublished(1, 2);
  const auto message = ParseCap(CapDocument(published, MakeContext()));
  ASSERT_OK(message);
  EXPECT_THAT(message->references, SizeIs(1));
  ASSERT_THAT(message->warnings, SizeIs(1));
  EXPECT_EQ(message->warnings[0].titles, published.revision.content.titles);
  EXPECT_EQ(message->warnings[0].expire_time, published.revision.expire_time);
  EXPECT_THAT(message->warnings[0].polygons, SizeIs(2));  // each language repeats them
}

TEST(CapReaderTest, NamesEveryProblem) {
  const Texts texts = *Texts::Parse({CommonTexts(), TextFiles()});
  struct Case {
    std::string document;
    std::vector<const char*> complaints;
  };
  for (const Case& c : std::vector<Case>{
           {"", {"body", "not well-formed XML"}},
           {"<alert>", {"not well-formed XML at line 1, column 8"}},
           {"<alert/>", {"alert", "namespace"}},
           {"<?xml version=\"1.0\" encoding=\"windows-1251\"?><a/>", {"not well-formed"}},
           {Cap(""), {"alert.info is required"}},
           {Cap("<info/>"),
            {"alert.info[0].category is required", "alert.info[0].event is required",
             "alert.info[0].urgency is required", "alert.info[0].severity is required",
             "alert.info[0].certainty is required"}},
           {Cap(Info("", "ru", "Terrible")), {"alert.info[0].severity is not a known value"}},
           {Cap(Info("", "fr")), {"alert.info must have ru, uk, tt or en"}},
           {Cap(Info("<expires>tomorrow</expires>")), {"alert.info[0].expires must be a time"}},
           {Cap(Info("<expires>2026-12-02T10:00:00Z</expires>")), {"expires must be a time"}},
           {Cap(Info("<area><polygon>55,49 55,50 56,50</polygon></area>")),
            {"alert.info[0].area[0].areaDesc is required", "area[0].polygon must be"}},
           {Cap(Info("<area><areaDesc>x</areaDesc><circle>55,49</circle></area>")),
            {"area[0].circle must be"}},
           {Cap(Info(""), "<msgType>Cancel</msgType><scope>Public</scope>"),
            {"alert.msgType must be Alert or Update"}},
           {Cap(Info(""), "<msgType>Update</msgType><scope>Private</scope>"),
            {"alert.references is required", "alert.scope must be Public"}},
           {Cap(Info(""),
                "<msgType>Update</msgType><scope>Public</scope><references>x</references>"),
            {"alert.references must be"}},
       }) {
    const absl::Status status = ParseCap(c.document).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    for (const char* complaint : c.complaints) {
      EXPECT_THAT(Complaints(status, texts), HasSubstr(complaint)) << c.document;
    }
  }
}

TEST(CapReaderTest, SurvivesDamagedDocuments) {
  const std::string good = CapDocument(MakePublished(1, 2), MakeContext());
  std::mt19937 random(7);
  const auto below = [&](size_t most) { return random() % most; };
  int read = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string document = good;
    for (size_t changes = 1 + below(4); changes > 0; --changes) {
      const size_t at = below(document.size());
      switch (below(3)) {
        case 0:
          document[at] = static_cast<char>(random());
          break;
        case 1:
          document.erase(at, below(40));
          break;
        default:
          document.insert(at, document.substr(below(document.size()), below(40)));
      }
    }
    const auto message = ParseCap(document);
    read += message.ok() ? 1 : 0;
    if (message.ok()) continue;
    ASSERT_EQ(message.status().code(), absl::StatusCode::kInvalidArgument) << document;
  }
  EXPECT_GT(read, 0);  // damage to a text is none to the message
}

TEST(XmlReaderTest, RefusesHostileDocuments) {
  const Texts texts = *Texts::Parse({CommonTexts(), TextFiles()});
  std::string laughs = "<!DOCTYPE lolz [<!ENTITY lol \"lol\">";
  for (int i = 1; i < 10; ++i) {
    absl::StrAppend(&laughs, "<!ENTITY lol", i, " \"&lol", i == 1 ? "" : absl::StrCat(i - 1),
                    ";&lol", i == 1 ? "" : absl::StrCat(i - 1), ";\">");
  }
  laughs += "]><alert>&lol9;</alert>";
  std::string deep, wide = "<a>";
  for (int i = 0; i < 100; ++i) deep += "<a>";
  for (int i = 0; i < 30'000; ++i) wide += "<b/>";
  struct Case {
    std::string document;
    const char* complaint;
  };
  for (const Case& c : std::vector<Case>{
           {laughs, "must not have a document type declaration"},
           {"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
            "must not have a document type declaration"},
           {"<!DOCTYPE a SYSTEM \"http://127.0.0.1/x.dtd\"><a/>",
            "must not have a document type declaration"},
           {"<a>&x;</a>", "not well-formed"},
           {deep, "nested deeper than 16"},
           {wide + "</a>", "more than 20,000 elements"},
           {std::string(50 << 20, ' '), "at most 1048576 bytes"},
           {std::string("<a>\0</a>", 8), "not well-formed"},
           {"<a>\xFF\xFE</a>", "not well-formed"},
       }) {
    EXPECT_THAT(Complaints(ParseXml(c.document, "body").status(), texts), HasSubstr(c.complaint))
        << c.document.substr(0, 60);
  }
}

}  // namespace
}  // namespace veche::notifications
