#include "services/notifications/calls/alert_calls.h"

#include <gtest/gtest.h>

#include <functional>

#include "common/api/timestamp.h"
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

class AlertCallsTest : public ::testing::Test {
 protected:
  std::string Complaint(const absl::Status& status) {
    return testing::Complaints(status, city_.texts);
  }
  v1::Alert WithArea(const std::vector<GeoRing>& rings) {
    v1::Alert alert = AlertCity::Draft();
    *alert.mutable_area() = AreaOf(rings);
    return alert;
  }
  std::vector<std::string> List(v1::ListAlertsRequest request, auth::Principal by = {}) {
    std::vector<std::string> titles;
    const auto response = city_.alerts->ListAlerts(MakeCall(std::move(by)), request);
    EXPECT_OK(response);
    if (!response.ok()) return titles;
    for (const v1::Alert& alert : response->alerts()) titles.push_back(alert.title());
    return titles;
  }
  v1::Alert Titled(const std::string& title, std::vector<std::string> districts = {}) {
    v1::Alert alert = AlertCity::Draft();
    alert.set_title(title);
    for (const std::string& district : districts) alert.add_districts(district);
    return alert;
  }
  AlertCity city_;
};

TEST_F(AlertCallsTest, ADraftIsForEditorsUntilItIsPublished) {
  v1::Alert draft = AlertCity::Draft();
  (*draft.mutable_titles())["tt"] = "Су юк";
  draft.set_body("До вечера");
  const auto created = city_.Create(draft);
  ASSERT_OK(created);
  EXPECT_EQ(created->state(), v1::Alert::DRAFT);
  EXPECT_EQ(created->titles().at("ru"), "Нет воды");
  EXPECT_EQ(created->author(), "staff/one");
  EXPECT_THAT(city_.Get(created->name()), HasReason("ALERT_NOT_FOUND"));
  EXPECT_THAT(List({}), IsEmpty());
  ASSERT_OK(city_.Get(created->name(), Editor("two")));

  ASSERT_OK(city_.Publish(created->name()));
  EXPECT_EQ(city_.changes, 1);
  const auto read = city_.Get(created->name());
  ASSERT_OK(read);
  EXPECT_EQ(read->state(), v1::Alert::PUBLISHED);
  EXPECT_THAT(read->author(), IsEmpty());  // for editors
  EXPECT_EQ(read->share_text(), "Нет воды https://city.example/" + created->name());
  rpc::Call tatar = MakeCall({});
  tatar.set_language("tt");
  v1::GetAlertRequest request;
  request.set_name(created->name());
  EXPECT_EQ(city_.alerts->GetAlert(tatar, request)->title(), "Су юк");
  EXPECT_THAT(List({}), ElementsAre("Нет воды"));
}

TEST_F(AlertCallsTest, NamesEveryFieldThatIsNotRight) {
  struct Case {
    std::string what;
    std::function<void(v1::Alert&)> change;
    std::string complaint;
  };
  const absl::Time now = city_.clock.Now();
  GeoRing large;
  for (int i = 0; i < 20'000; ++i) large.push_back({55.0 + i * 1e-6, 49.5});
  for (const Case& c : std::vector<Case>{
           {"no topic", [](auto& a) { a.clear_topic(); }, "topic"},
           {"unknown topic", [](auto& a) { a.set_topic("topics/none"); }, "not a topic"},
           {"no severity", [](auto& a) { a.clear_severity(); }, "severity"},
           {"no title", [](auto& a) { a.clear_title(); }, "titles"},
           {"long title", [](auto& a) { a.set_title(std::string(201, 'x')); }, "at most 200"},
           {"two lines", [](auto& a) { a.set_title("a\nb"); }, "line breaks"},
           {"language", [](auto& a) { (*a.mutable_titles())["fr"] = "x"; }, "ru, uk, tt, en"},
           {"unknown district", [](auto& a) { a.add_districts("districts/none"); },
            "not a district"},
           {"link", [](auto& a) { a.set_link("javascript:alert(1)"); }, "http or https"},
           {"action",
            [](auto& a) {
              a.add_actions()->set_title("x");
              a.mutable_actions(0)->set_link("file:///etc/passwd");
            },
            "tel or mailto"},
           {"expires before it is published",
            [&](auto& a) {
              *a.mutable_publish_time() = api::ToTimestamp(now + absl::Hours(2));
              *a.mutable_expire_time() = api::ToTimestamp(now + absl::Hours(1));
            },
            "after the publish time"},
           {"expired",
            [&](auto& a) { *a.mutable_expire_time() = api::ToTimestamp(now - absl::Hours(1)); },
            "in the future"},
           {"too far",
            [&](auto& a) {
              *a.mutable_publish_time() = api::ToTimestamp(now + absl::Hours(24 * 400));
            },
            "within a year"},
           {"crosses itself",
            [](auto& a) {
              *a.mutable_area() = AreaOf({{{55, 49}, {56, 50}, {56, 49}, {55, 50}, {55, 49}}});
            },
            "crosses itself"},
           {"too many positions", [&](auto& a) { *a.mutable_area() = AreaOf({large}); },
            "at most 10000 positions"},
           {"outside",
            [](auto& a) {
              *a.mutable_area() = AreaOf({{{5, 9}, {6, 10}, {6, 9}, {5, 9}}});
            },
            "does not overlap any district"},
           {"supersedes", [](auto& a) { a.set_supersedes("alerts/x"); }, "alerts/{id}"},
           {"supersedes nothing",
            [](auto& a) { a.set_supersedes("alerts/01hzy3v0q4m5n6p7q8r9s0t1v2"); },
            "published alert"},
           {"file of another name", [](auto& a) { a.add_attachments()->set_name("x"); },
            "attachments/{id}"},
           {"text file", [](auto& a) { a.add_attachments()->set_name("attachments/text"); },
            "image or a PDF"},
           {"large file", [](auto& a) { a.add_attachments()->set_name("attachments/large"); },
            "at most 4 MiB"},
           {"no file", [](auto& a) { a.add_attachments()->set_name("attachments/none"); },
            "image or a PDF"},
       }) {
    v1::Alert alert = AlertCity::Draft();
    c.change(alert);
    const absl::Status status = city_.Create(alert).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.what << status.ToString();
    EXPECT_THAT(Complaint(status), HasSubstr(c.complaint)) << c.what;
  }
  v1::Alert several = AlertCity::Draft();
  several.clear_topic();
  several.set_link("x");
  EXPECT_THAT(Complaint(city_.Create(several).status()), HasSubstr("link"));
  EXPECT_THAT(Complaint(city_.Create(several).status()), HasSubstr("topic"));
}

TEST_F(AlertCallsTest, AnAreaIsForTheDistrictsThatItOverlaps) {
  const auto both = city_.Create(
      WithArea({{{55.2, 49.5}, {55.2, 50.5}, {55.4, 50.5}, {55.4, 49.5}, {55.2, 49.5}}}));
  ASSERT_OK(both);
  EXPECT_THAT(both->matched_districts(), ElementsAre("districts/a", "districts/b"));
  EXPECT_THAT(both->districts(), IsEmpty());
  // The whole of a district overlaps no neighbour.
  const auto one = city_.Create(WithArea({{{55, 49}, {55, 50}, {56, 50}, {56, 49}, {55, 49}}}));
  ASSERT_OK(one);
  EXPECT_THAT(one->matched_districts(), ElementsAre("districts/a"));
}

TEST_F(AlertCallsTest, APointFindsWhatConcernsIt) {
  city_.MakePublished(Titled("a", {"districts/a"}));
  city_.MakePublished(Titled("b", {"districts/b"}));
  city_.MakePublished(Titled("город"));
  v1::Alert area = WithArea({{{55.2, 49.2}, {55.2, 49.4}, {55.4, 49.4}, {55.2, 49.2}}});
  area.set_title("угол");
  city_.MakePublished(area);
  const auto at = [&](double latitude, double longitude) {
    v1::ListAlertsRequest request;
    request.set_latitude(latitude);
    request.set_longitude(longitude);
    return List(request);
  };
  EXPECT_THAT(at(55.25, 49.35), ElementsAre("угол", "город", "a"));
  EXPECT_THAT(at(55.9, 49.9), ElementsAre("город", "a"));  // in the district, not in the area
  EXPECT_THAT(at(55.5, 50.5), ElementsAre("город", "b"));
  EXPECT_THAT(at(10, 10), ElementsAre("город"));
  v1::ListAlertsRequest in_district;
  in_district.set_district("districts/a");
  EXPECT_THAT(List(in_district), ElementsAre("угол", "город", "a"));
}

TEST_F(AlertCallsTest, PagesGoOnWhereTheyEnded) {
  for (int i = 0; i < 5; ++i) city_.MakePublished(Titled(absl::StrCat(i)));
  for (const bool point : {false, true}) {
    v1::ListAlertsRequest request;
    request.set_page_size(2);
    if (point) {
      request.set_latitude(55.5);
      request.set_longitude(49.5);
    }
    std::vector<std::string> titles;
    do {
      const auto page = city_.alerts->ListAlerts(MakeCall({}), request);
      ASSERT_OK(page);
      for (const v1::Alert& alert : page->alerts()) titles.push_back(alert.title());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    EXPECT_THAT(titles, ElementsAre("4", "3", "2", "1", "0"));
  }
}

TEST_F(AlertCallsTest, OnlyEditorsAskForOtherStates) {
  city_.MakePublished(Titled("published"));
  ASSERT_OK(city_.Create(Titled("draft")));
  v1::ListAlertsRequest request;
  request.add_state(v1::Alert::DRAFT);
  EXPECT_THAT(List(request, Editor()), ElementsAre("draft"));
  EXPECT_THAT(Complaint(city_.alerts->ListAlerts(MakeCall({}), request).status()),
              HasSubstr("editors only"));
}

TEST_F(AlertCallsTest, AnEmergencyTakesTwoEditors) {
  const auto draft = city_.Create(AlertCity::Draft(v1::Alert::EMERGENCY));
  ASSERT_OK(draft);
  const std::string& name = draft->name();
  EXPECT_THAT(city_.Publish(name, Editor("two")), HasReason("ALERT_NEEDS_REVIEW"));
  ASSERT_OK(city_.RequestReview(name));
  EXPECT_THAT(city_.Publish(name), HasReason("SECOND_EDITOR_NEEDED"));
  // Returned with a comment, mended, and sent again.
  v1::ReturnAlertRequest back;
  back.set_name(name);
  EXPECT_EQ(city_.alerts->ReturnAlert(MakeCall(Editor("two")), back).status().code(),
            absl::StatusCode::kInvalidArgument);
  back.set_comment("Назовите улицы");
  const auto returned = city_.alerts->ReturnAlert(MakeCall(Editor("two")), back);
  ASSERT_OK(returned);
  EXPECT_EQ(returned->review_comment(), "Назовите улицы");
  ASSERT_OK(city_.RequestReview(name));
  EXPECT_OK(city_.Publish(name, Editor("two")));
  ASSERT_THAT(city_.Posts(), SizeIs(1));
  EXPECT_EQ(city_.Posts()[0].severity, Severity::kEmergency);
  v1::Alert change;
  change.set_name(name);
  change.set_title("Иначе");
  EXPECT_THAT(city_.Update(change), HasReason("ALERT_NEEDS_REVIEW"));
}

TEST_F(AlertCallsTest, APublishedAlertIsUpdatedAtOnce) {
  v1::Alert draft = Titled("Первое");
  (*draft.mutable_titles())["uk"] = "Перше";
  draft.set_link("https://city.example/1");
  const v1::Alert published = city_.MakePublished(draft);
  v1::Alert change;
  change.set_name(published.name());
  change.set_title("Второе");
  const auto updated = city_.Update(change);
  ASSERT_OK(updated);
  EXPECT_EQ(updated->revision(), 2);
  EXPECT_EQ(updated->link(), "https://city.example/1");
  // The Ukrainian title said something else, so it is gone.
  EXPECT_EQ(updated->titles_size(), 1);
  ASSERT_THAT(city_.Posts(), SizeIs(2));
  EXPECT_EQ(city_.Posts()[1].type, kAlertUpdated);
  const auto cleared = city_.Update(change, "", {"link"});
  ASSERT_OK(cleared);
  EXPECT_THAT(cleared->link(), IsEmpty());
  EXPECT_EQ(cleared->title(), "Второе");
  EXPECT_THAT(Complaint(city_.Update(change, "", {"state"}).status()),
              HasSubstr("cannot be changed"));
}

TEST_F(AlertCallsTest, AStaleEtagChangesNothing) {
  const auto draft = city_.Create(AlertCity::Draft());
  ASSERT_OK(draft);
  v1::Alert change;
  change.set_name(draft->name());
  change.set_title("Иначе");
  const auto changed = city_.Update(change, draft->etag());
  ASSERT_OK(changed);
  EXPECT_THAT(city_.Update(change, draft->etag()), HasReason("ETAG_MISMATCH"));
  EXPECT_THAT(city_.Publish(draft->name(), Editor(), draft->etag()), HasReason("ETAG_MISMATCH"));
  EXPECT_OK(city_.Publish(draft->name(), Editor(), changed->etag()));
}

TEST_F(AlertCallsTest, CancellingTellsThoseWhoWereTold) {
  const v1::Alert published = city_.MakePublished(AlertCity::Draft());
  EXPECT_EQ(city_.Cancel(published.name(), "").status().code(), absl::StatusCode::kInvalidArgument);
  const auto cancelled = city_.Cancel(published.name(), "Ошибка");
  ASSERT_OK(cancelled);
  EXPECT_EQ(cancelled->state(), v1::Alert::CANCELLED);
  EXPECT_EQ(cancelled->cancel_reason(), "Ошибка");
  ASSERT_THAT(city_.Posts(), SizeIs(2));
  EXPECT_EQ(city_.Posts()[1].type, kAlertCancelled);
  EXPECT_THAT(city_.Cancel(published.name(), "Ещё раз"), HasReason("ALERT_STATE"));
  // A draft was told to nobody.
  const auto draft = city_.Create(AlertCity::Draft());
  ASSERT_OK(city_.Cancel(draft->name(), "Не нужно"));
  EXPECT_THAT(city_.Posts(), SizeIs(2));
  EXPECT_THAT(List({}), IsEmpty());
}

TEST_F(AlertCallsTest, AnAlertTakesThePlaceOfAnother) {
  const v1::Alert first = city_.MakePublished(AlertCity::Draft());
  v1::Alert next = Titled("Вторая");
  next.set_supersedes(first.name());
  const v1::Alert second = city_.MakePublished(next);
  const auto old = city_.Get(first.name());
  ASSERT_OK(old);
  EXPECT_EQ(old->state(), v1::Alert::SUPERSEDED);
  EXPECT_EQ(old->superseded_by(), second.name());
  EXPECT_EQ(city_.Posts()[1].type, kAlertUpdated);
  EXPECT_THAT(List({}), ElementsAre("Вторая"));
}

TEST_F(AlertCallsTest, FilesAreTakenOverAndServed) {
  v1::Alert draft = AlertCity::Draft();
  draft.add_attachments()->set_name("attachments/pdf");
  draft.mutable_attachments(0)->set_title("План");
  const auto created = city_.Create(draft);
  ASSERT_OK(created);
  const v1::AlertFile& file = created->attachments(0);
  EXPECT_EQ(file.content_type(), "application/pdf");
  EXPECT_EQ(file.size_bytes(), 128 << 10);
  v1::DownloadAlertFileRequest request;
  request.set_name(file.name());
  const auto download = city_.files->DownloadAlertFile(MakeCall({}), request);
  ASSERT_OK(download);
  std::string bytes;
  google::api::HttpBody piece;
  while (*(*download)->Next(piece)) bytes += piece.data();
  EXPECT_EQ(bytes, std::string(128 << 10, 'x'));
  request.set_name("alertFiles/none");
  EXPECT_THAT(city_.files->DownloadAlertFile(MakeCall({}), request),
              HasReason("ALERT_FILE_NOT_FOUND"));
  // A change of other fields keeps the file.
  v1::Alert change;
  change.set_name(created->name());
  change.set_title("Иначе");
  EXPECT_EQ(city_.Update(change)->attachments(0).name(), file.name());
}

TEST_F(AlertCallsTest, APreviewCountsAndTellsNobody) {
  const auto draft = city_.Create(Titled("a", {"districts/a"}));
  v1::PreviewAlertRequest request;
  request.set_name(draft->name());
  const auto preview = city_.alerts->PreviewAlert(MakeCall(Editor()), request);
  ASSERT_OK(preview);
  EXPECT_EQ(preview->recipient_count(), 7);
  EXPECT_EQ(preview->channels(2).channel(), "EMAIL");
  EXPECT_EQ(preview->channels(2).recipient_count(), 3);
  EXPECT_EQ(city_.counter.asked, "topics/utilities 1");
  EXPECT_THAT(city_.Posts(), IsEmpty());
}

TEST_F(AlertCallsTest, TopicsAreRenamedAndRetired) {
  v1::CreateTopicRequest create;
  create.mutable_topic()->set_name("topics/Dogs");
  (*create.mutable_topic()->mutable_titles())["ru"] = "Собаки";
  EXPECT_EQ(city_.topics.CreateTopic(MakeCall(Editor()), create).status().code(),
            absl::StatusCode::kInvalidArgument);
  create.mutable_topic()->set_name("topics/dogs");
  ASSERT_OK(city_.topics.CreateTopic(MakeCall(Editor()), create));
  EXPECT_THAT(city_.topics.CreateTopic(MakeCall(Editor()), create), HasReason("TOPIC_EXISTS"));
  v1::Alert draft = AlertCity::Draft();
  draft.set_topic("topics/dogs");
  const v1::Alert published = city_.MakePublished(draft);

  v1::UpdateTopicRequest update;
  update.mutable_topic()->set_name("topics/dogs");
  update.mutable_topic()->set_retired(true);
  ASSERT_OK(city_.topics.UpdateTopic(MakeCall(Editor()), update));
  EXPECT_THAT(Complaint(city_.Create(draft).status()), HasSubstr("retired topic"));
  v1::Alert change;
  change.set_name(published.name());
  change.set_title("Иначе");
  EXPECT_OK(city_.Update(change));  // what it has, it keeps
  EXPECT_EQ(city_.topics.ListTopics(MakeCall({}), {})->topics_size(), 8);
  v1::ListTopicsRequest all;
  all.set_retired(true);
  EXPECT_EQ(city_.topics.ListTopics(MakeCall(Editor()), all)->topics_size(), 9);
  update.mutable_topic()->set_name("topics/none");
  EXPECT_THAT(city_.topics.UpdateTopic(MakeCall(Editor()), update), HasReason("TOPIC_NOT_FOUND"));
}

}  // namespace
}  // namespace veche::notifications
