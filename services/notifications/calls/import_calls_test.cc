#include "services/notifications/calls/import_calls.h"

#include <gtest/gtest.h>

#include "common/api/timestamp.h"
#include "services/notifications/feeds/xml_reader.h"
#include "services/notifications/testing/alert_fixture.h"
#include "services/notifications/testing/complaints.h"

namespace veche::notifications {
namespace {

using rpc::testing::MakeCall;
using testing::AlertCity;
using testing::Editor;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using veche::testing::HasReason;
using veche::testing::StatusIs;

// A warning of the weather service for the time of the fake clock.
std::string Warning(const std::string& identifier, const std::string& head,
                    const std::string& polygon = "55.2,49.2 55.2,49.4 55.4,49.4 55.2,49.2") {
  return absl::StrCat(
      "<?xml version='1.0' encoding='UTF-8'?>\n"
      "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>",
      identifier,
      "</identifier><sender>met.example</sender><sent>2026-09-21T17:00:00+03:00</sent>"
      "<status>Actual</status>",
      head,
      "<info><language>ru</language><category>Met</category><event>Ветер</event>"
      "<urgency>Expected</urgency><severity>Moderate</severity><certainty>Likely</certainty>"
      "<expires>2026-09-22T17:00:00+03:00</expires><headline>Сильный ветер</headline>"
      "<area><areaDesc>Казань</areaDesc><polygon>",
      polygon, "</polygon></area></info></alert>");
}
constexpr char kAlert[] = "<msgType>Alert</msgType><scope>Public</scope>";

class ImportTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::ImportAlertsResponse> Import(const std::string& type,
                                                  const std::string& body) {
    auto sink = city_.imports->ImportAlerts(MakeCall(Editor()));
    EXPECT_OK(sink);
    // As the gateway sends it: in pieces, the first with the type.
    for (size_t at = 0; at == 0 || at < body.size(); at += 1000) {
      google::api::HttpBody piece;
      if (at == 0) piece.set_content_type(type);
      piece.set_data(body.substr(at, 1000));
      if (absl::Status status = (*sink)->Append(piece); !status.ok()) return status;
    }
    return (*sink)->Finish();
  }
  std::string Complaint(const absl::Status& status) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
    return testing::Complaints(status, city_.texts);
  }

  AlertCity city_;
};

TEST_F(ImportTest, AWarningBecomesADraft) {
  const auto imported = Import("application/cap+xml; charset=utf-8", Warning("1", kAlert));
  ASSERT_OK(imported);
  ASSERT_THAT(imported->alerts(), SizeIs(1));
  const v1::Alert& draft = imported->alerts(0);
  EXPECT_EQ(draft.state(), v1::Alert::DRAFT);
  EXPECT_EQ(draft.topic(), "topics/weather");
  EXPECT_EQ(draft.severity(), v1::Alert::WARNING);
  EXPECT_EQ(draft.title(), "Сильный ветер");
  EXPECT_THAT(draft.matched_districts(), ElementsAre("districts/a"));
  EXPECT_EQ(draft.source(), "met.example,1,2026-09-21T17:00:00+03:00");
  EXPECT_EQ(draft.author(), "staff/one");
  EXPECT_THAT(city_.Posts(), IsEmpty());
  EXPECT_OK(city_.Get(draft.name(), Editor()));
}

TEST_F(ImportTest, AMessageIsImportedOnce) {
  ASSERT_OK(Import("text/xml", Warning("1", kAlert)));
  EXPECT_THAT(Import("text/xml", Warning("1", kAlert)), HasReason("ALERT_IMPORTED"));
  EXPECT_OK(Import("text/xml", Warning("2", kAlert)));
}

TEST_F(ImportTest, AnUpdateTakesThePlaceOfWhatWasImported) {
  const auto first = Import("text/xml", Warning("1", kAlert));
  ASSERT_OK(first);
  ASSERT_OK(city_.Publish(first->alerts(0).name()));
  const auto second =
      Import("text/xml", Warning("2",
                                 "<msgType>Update</msgType><scope>Public</scope><references>"
                                 "met.example,1,2026-09-21T17:00:00+03:00</references>"));
  ASSERT_OK(second);
  EXPECT_EQ(second->alerts(0).supersedes(), first->alerts(0).name());
}

TEST_F(ImportTest, AUrlIsFetched) {
  city_.fetch = [](const std::string& url) -> absl::StatusOr<std::string> {
    EXPECT_EQ(url, "https://met.example/cap.xml");
    return Warning("1", kAlert);
  };
  EXPECT_OK(Import("application/json", R"({"url": "https://met.example/cap.xml"})"));
  EXPECT_THAT(Complaint(Import("application/json", "{}").status()), HasSubstr("url is required"));
  EXPECT_THAT(Complaint(Import("application/json", R"({"uri": ""})").status()),
              HasSubstr("uri is not a field"));
  EXPECT_THAT(Complaint(Import("application/json", "{").status()),
              HasSubstr("body could not be read"));
}

TEST_F(ImportTest, ErroneousInputLeavesNothingBehind) {
  EXPECT_THAT(Complaint(Import("text/csv", "a,b").status()), HasSubstr("Content-Type must be"));
  EXPECT_THAT(Complaint(Import("application/xml", "").status()), HasSubstr("body"));
  EXPECT_THAT(Complaint(Import("application/xml", std::string(2 << 20, ' ')).status()),
              HasSubstr("at most 1048576 bytes"));
  EXPECT_THAT(
      Complaint(
          Import("application/xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><alert>&b;</alert>").status()),
      HasSubstr("document type declaration"));
  EXPECT_THAT(Complaint(Import("text/xml", Warning("1", kAlert, "5,9 6,10 6,9 5,9")).status()),
              HasSubstr("area does not overlap"));
  EXPECT_THAT(
      Complaint(Import("text/xml", Warning("1", kAlert, "55,49 56,50 56,49 55,50 55,49")).status()),
      HasSubstr("crosses itself"));
  city_.clock.Advance(absl::Hours(48));
  EXPECT_THAT(Complaint(Import("text/xml", Warning("1", kAlert)).status()),
              HasSubstr("expireTime must be"));
  v1::ListAlertsRequest all;
  all.add_state(v1::Alert::DRAFT);
  EXPECT_THAT(city_.alerts->ListAlerts(MakeCall(Editor()), all)->alerts(), IsEmpty());
}

// --- The open feeds. ---

TEST_F(ImportTest, FeedsAreOfTheTopicAndDistrictThatWereAsked) {
  v1::Alert draft = AlertCity::Draft();
  draft.add_districts("districts/a");
  city_.MakePublished(draft);
  draft.set_topic("topics/weather");
  draft.set_title("Ветер");
  city_.MakePublished(draft);
  const auto entries = [&](const std::string& topic, const std::string& district) {
    v1::GetAtomFeedRequest request;
    request.set_topic(topic);
    request.set_district(district);
    const auto feed = city_.feeds->GetAtomFeed(MakeCall({}), request);
    EXPECT_OK(feed);
    EXPECT_EQ(feed->content_type(), "application/atom+xml; charset=utf-8");
    const auto root = ParseXml(feed->data(), "body");
    EXPECT_OK(root);
    std::vector<std::string> titles;
    for (const XmlElement& child : root->children) {
      if (child.name == "entry") titles.push_back(child.TextOf("title"));
    }
    return titles;
  };
  EXPECT_THAT(entries("", ""), ElementsAre("Ветер", "Нет воды"));
  EXPECT_THAT(entries("weather", ""), ElementsAre("Ветер"));
  EXPECT_THAT(entries("topics/weather", "districts/a"), ElementsAre("Ветер"));
  EXPECT_THAT(entries("", "b"), IsEmpty());
  v1::GetCapFeedRequest unknown;
  unknown.set_topic("none");
  unknown.set_district("none");
  const std::string complaint = Complaint(city_.feeds->GetCapFeed(MakeCall({}), unknown).status());
  EXPECT_THAT(complaint, HasSubstr("topic is not a topic"));
  EXPECT_THAT(complaint, HasSubstr("district is not a district"));
}

TEST_F(ImportTest, EachRevisionHasItsDocument) {
  const v1::Alert published = city_.MakePublished(AlertCity::Draft());
  v1::Alert change;
  change.set_name(published.name());
  change.set_title("Есть вода");
  ASSERT_OK(city_.Update(change));
  v1::GetCapDocumentRequest request;
  request.set_name(published.name());
  const auto document = [&] {
    const auto body = city_.feeds->GetCapDocument(MakeCall({}), request);
    EXPECT_OK(body);
    return body.ok() ? body->data() : "";
  };
  EXPECT_THAT(document(), HasSubstr("<msgType>Update</msgType>"));
  request.set_revision(1);
  EXPECT_THAT(document(), HasSubstr("<headline>Нет воды</headline>"));
  request.set_revision(3);
  EXPECT_THAT(city_.feeds->GetCapDocument(MakeCall({}), request), HasReason("ALERT_NOT_FOUND"));
  const auto draft = city_.Create(AlertCity::Draft());
  v1::GetCapDocumentRequest unpublished;
  unpublished.set_name(draft->name());
  EXPECT_THAT(city_.feeds->GetCapDocument(MakeCall(Editor()), unpublished),
              HasReason("ALERT_NOT_FOUND"));
}

}  // namespace
}  // namespace veche::notifications
