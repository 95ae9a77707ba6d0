#include "services/polling/calls/initiative_calls.h"

#include <gtest/gtest.h>

#include "services/polling/testing/initiative_fixture.h"
#include "veche/polling/v1/events.pb.h"

namespace veche::polling {
namespace {

using rpc::testing::MakeCall;
using rpc::testing::MakeCallWithKey;
using rpc::testing::Resident;
using ::testing::AllOf;
using testing::Editor;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Initiatives;
using ::testing::IsEmpty;
using testing::Moderator;
using ::testing::Not;
using veche::testing::HasReason;
using veche::testing::StatusIs;

class InitiativeCallsTest : public ::testing::Test {
 protected:
  Initiatives city_;
};

TEST_F(InitiativeCallsTest, FromTheProposalToTheStages) {
  const auto proposed = city_.Propose("ivan");
  ASSERT_OK(proposed);
  const std::string name = proposed->name();
  EXPECT_EQ(proposed->state(), v1::Initiative::MODERATION);
  EXPECT_TRUE(proposed->mine());
  // Before the moderator, only the author and moderators find it.
  EXPECT_THAT(city_.Get(name), HasReason("INITIATIVE_NOT_FOUND"));
  EXPECT_THAT(city_.Get(name, Resident("petr")), HasReason("INITIATIVE_NOT_FOUND"));
  EXPECT_THAT(city_.Support(name, "petr"), HasReason("INITIATIVE_NOT_FOUND"));
  EXPECT_OK(city_.Get(name, Resident("ivan")));
  EXPECT_OK(city_.Get(name, Moderator()));
  ASSERT_OK(city_.Approve(name));
  EXPECT_FALSE(city_.Get(name)->mine());

  ASSERT_OK(city_.Support(name, "a"));
  ASSERT_OK(city_.Support(name, "b"));
  ASSERT_OK(city_.Support(name, "b", false));
  ASSERT_OK(city_.Support(name, "b"));
  EXPECT_THAT(city_.Respond(name, v1::Initiative::Response::ACCEPTED),
              HasReason("INITIATIVE_STEP_NOT_ALLOWED"));
  const auto third = city_.Support(name, "c");
  ASSERT_OK(third);
  EXPECT_EQ(third->state(), v1::Initiative::AWAITING_RESPONSE);
  EXPECT_TRUE(third->supported());
  EXPECT_TRUE(third->has_response_due_time());

  const auto accepted = city_.Respond(name, v1::Initiative::Response::ACCEPTED);
  ASSERT_OK(accepted);
  EXPECT_EQ(accepted->response().decision(), v1::Initiative::Response::ACCEPTED);
  EXPECT_EQ(accepted->response().department(), "departments/parks");
  EXPECT_FALSE(accepted->discussion_open());
  v1::AddInitiativeStageRequest stage;
  stage.set_name(name);
  stage.set_title("Проект готов");
  ASSERT_OK(city_.steps.AddInitiativeStage(MakeCall(Editor()), stage));
  const auto read = city_.Get(name);
  std::vector<int> types;
  for (const auto& entry : read->timeline()) types.push_back(entry.type());
  EXPECT_THAT(types, ElementsAre(1, 2, 4, 6, 8));
  EXPECT_EQ(read->timeline(4).title(), "Проект готов");
  EXPECT_THAT(city_.Events(),
              ElementsAre("initiative_submitted", "initiative_approved", "initiative_supported",
                          "initiative_supported", "initiative_unsupported", "initiative_supported",
                          "initiative_supported", "initiative_threshold_reached",
                          "initiative_accepted", "initiative_stage_added"));
}

TEST_F(InitiativeCallsTest, ThePublicReadsMaskedTextsAndNeverTheAuthor) {
  v1::CreateInitiativeRequest request;
  request.set_title("Парк у дома, звоните +7 999 123-45-67");
  request.set_text("Меня зовут Иван Петров, мой телефон +7 999 123-45-67, сделайте парк.");
  const auto proposed = city_.calls.CreateInitiative(MakeCall(Resident("ivan")), request);
  ASSERT_OK(proposed);
  EXPECT_THAT(proposed->title(), HasSubstr("999"));
  ASSERT_OK(city_.Approve(proposed->name()));
  EXPECT_THAT(city_.Get(proposed->name(), Moderator())->text(), HasSubstr("999"));
  for (const auth::Principal& caller : {auth::Principal{}, Resident("petr"), Editor()}) {
    const auto read = city_.Get(proposed->name(), caller);
    EXPECT_THAT(read->title(), AllOf(Not(HasSubstr("999")), HasSubstr("[телефон]")));
    EXPECT_THAT(read->text(), Not(HasSubstr("999")));
    EXPECT_THAT(read->ShortDebugString(), Not(HasSubstr("residents/")));
    EXPECT_THAT(read->ShortDebugString(), Not(HasSubstr("staff/")));
  }
}

TEST_F(InitiativeCallsTest, ARejectedOneIsTheAuthorsAndModeratorsAlone) {
  const std::string name = city_.Propose("ivan")->name();
  v1::RejectInitiativeRequest request;
  request.set_name(name);
  EXPECT_THAT(city_.steps.RejectInitiative(MakeCall(Moderator()), request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  request.set_reason("Это реклама.");
  ASSERT_OK(city_.steps.RejectInitiative(MakeCall(Moderator()), request));
  EXPECT_THAT(city_.Get(name), HasReason("INITIATIVE_NOT_FOUND"));
  EXPECT_EQ(city_.Get(name, Resident("ivan"))->rejection_reason(), "Это реклама.");
  v1::ListInitiativesRequest rejected;
  rejected.set_state(v1::Initiative::REJECTED);
  EXPECT_THAT(city_.ListAll(rejected), IsEmpty());
  EXPECT_THAT(city_.ListAll(rejected, Editor()), IsEmpty());
  EXPECT_THAT(city_.ListAll(rejected, Moderator()), ElementsAre(name));
  v1::ListInitiativesRequest mine;
  mine.set_mine(true);
  EXPECT_THAT(city_.ListAll(mine, Resident("ivan")), ElementsAre(name));
  EXPECT_THAT(city_.ListAll(mine, Resident("petr")), IsEmpty());
  EXPECT_THAT(city_.ListAll(mine), IsEmpty());
}

TEST_F(InitiativeCallsTest, OnlyTheAuthorWithdrawsAndOnlyBeforeTheThreshold) {
  const std::string name = city_.Publish("ivan");
  v1::WithdrawInitiativeRequest request;
  request.set_name(name);
  EXPECT_THAT(city_.steps.WithdrawInitiative(MakeCall(Resident("petr")), request),
              HasReason("NOT_INITIATIVE_AUTHOR"));
  const auto withdrawn = city_.steps.WithdrawInitiative(MakeCall(Resident("ivan")), request);
  ASSERT_OK(withdrawn);
  EXPECT_EQ(withdrawn->state(), v1::Initiative::WITHDRAWN);
  EXPECT_THAT(city_.Support(name, "a"), HasReason("INITIATIVE_NOT_OPEN"));
  EXPECT_OK(city_.Get(name));

  const std::string other = city_.Publish("ivan");
  for (const char* resident : {"1", "2", "3"}) ASSERT_OK(city_.Support(other, resident));
  request.set_name(other);
  EXPECT_THAT(city_.steps.WithdrawInitiative(MakeCall(Resident("ivan")), request),
              HasReason("INITIATIVE_STEP_NOT_ALLOWED"));
}

TEST_F(InitiativeCallsTest, AppealsAndInitiativesLeadToEachOther) {
  v1::CreateInitiativeFromAppealsRequest request;
  request.add_appeals("appeals/1");
  request.add_appeals("appeals/2");
  request.set_title("Починить дорогу к школе");
  request.set_text("Многие просят починить дорогу к школе на улице Баумана.");
  const auto created = city_.calls.CreateInitiativeFromAppeals(MakeCall(Editor()), request);
  ASSERT_OK(created);
  EXPECT_EQ(created->state(), v1::Initiative::GATHERING);
  EXPECT_EQ(created->appeals_size(), 2);
  v1::ListInitiativesRequest of_appeal;
  of_appeal.set_appeal("appeals/2");
  EXPECT_THAT(city_.ListAll(of_appeal), ElementsAre(created->name()));
  of_appeal.set_appeal("appeals/3");
  EXPECT_THAT(city_.ListAll(of_appeal), IsEmpty());
  // A merge takes the appeals along.
  const std::string target = city_.Publish("ivan");
  ASSERT_OK(city_.Merge(created->name(), target));
  of_appeal.set_appeal("appeals/2");
  EXPECT_THAT(city_.ListAll(of_appeal), ElementsAre(target, created->name()));

  request.add_appeals("appeals/1");
  request.add_appeals("polls/1");
  const auto wrong = city_.calls.CreateInitiativeFromAppeals(MakeCall(Editor()), request);
  EXPECT_THAT(wrong, StatusIs(absl::StatusCode::kInvalidArgument));
}

// The names in the log's events of a type.
std::vector<std::string> AppealsInEvents(Initiatives& city, absl::string_view type) {
  std::vector<std::string> appeals;
  const auto events = city.log.ReadAfter("", 1000);
  EXPECT_OK(events);
  for (const events::Event& event : *events) {
    v1::PollingEvent data;
    data.ParseFromString(event.data);
    if (event.type != absl::StrCat("veche.polling.", type)) continue;
    appeals.insert(appeals.end(), data.appeals().begin(), data.appeals().end());
  }
  return appeals;
}

TEST_F(InitiativeCallsTest, TheLogSaysWhichAppealsLedToAnInitiative) {
  v1::CreateInitiativeFromAppealsRequest request;
  request.add_appeals("appeals/1");
  request.add_appeals("appeals/2");
  request.set_title("Починить дорогу к школе");
  request.set_text("Многие просят починить дорогу к школе на улице Баумана.");
  const auto created = city_.calls.CreateInitiativeFromAppeals(MakeCall(Editor()), request);
  ASSERT_OK(created);
  EXPECT_THAT(AppealsInEvents(city_, "initiative_approved"), ElementsAre("appeals/1", "appeals/2"));
  EXPECT_THAT(AppealsInEvents(city_, "initiative_submitted"), IsEmpty());
  ASSERT_OK(city_.Support(created->name(), "a"));
  EXPECT_THAT(AppealsInEvents(city_, "initiative_supported"), IsEmpty());
  ASSERT_OK(city_.Merge(created->name(), city_.Publish("ivan")));
  EXPECT_THAT(AppealsInEvents(city_, "initiative_merged"), ElementsAre("appeals/1", "appeals/2"));
}

TEST_F(InitiativeCallsTest, AnAnswerNamesEveryWrongPicture) {
  city_.uploaded["attachments/a"] = {"hash", "image/png", "bytes"};
  city_.uploaded["attachments/same"] = {"hash", "image/png", "bytes"};
  const auto propose = [&](const std::vector<std::string>& pictures) {
    return city_.Propose("ivan", "Велодорожка на набережной", "", "", pictures).status().ToString();
  };
  const std::string refused =
      propose({"attachments/a", "attachments/same", "attachments/unknown", "hash", ""});
  for (const char* field : {"pictures[1]", "pictures[2]", "pictures[3]", "pictures[4]"}) {
    EXPECT_THAT(refused, HasSubstr(field));
  }
  EXPECT_THAT(refused, Not(HasSubstr("pictures[0]")));
  EXPECT_THAT(propose(std::vector<std::string>(6, "attachments/a")), HasSubstr("pictures"));
  EXPECT_THAT(propose({"attachments/a"}), "OK");
}

TEST_F(InitiativeCallsTest, SimilarOpenOnesAreOffered) {
  const std::string north = city_.Publish("a", "Велодорожка на набережной", "districts/north");
  const std::string everywhere = city_.Publish("b", "Велодорожки на всех набережных");
  city_.Publish("c", "Новый детский сад на Лесной");
  city_.Propose("d", "Велодорожка на набережной").IgnoreError();  // not published
  v1::SuggestInitiativesRequest request;
  request.set_title("Сделать велодорожку на набережной");
  const auto suggested = city_.calls.SuggestInitiatives(MakeCall(), request);
  ASSERT_OK(suggested);
  ASSERT_EQ(suggested->candidates_size(), 2);
  request.set_district("districts/south");
  const auto south = city_.calls.SuggestInitiatives(MakeCall(), request);
  ASSERT_EQ(south->candidates_size(), 1);
  EXPECT_EQ(south->candidates(0).initiative().name(), everywhere);
}

TEST_F(InitiativeCallsTest, AnswersNameEveryWrongField) {
  v1::CreateInitiativeRequest request;
  request.set_title("я\nя");
  request.set_text("коротко");
  request.set_district("north");
  request.set_category("categories/a b");
  const auto refused = city_.calls.CreateInitiative(MakeCall(Resident("ivan")), request);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* field : {"title", "text", "district", "category"}) {
    EXPECT_THAT(refused.status().ToString(), HasSubstr(field));
  }
  v1::ListInitiativesRequest list;
  list.set_page_token("nonsense");
  list.set_sort(static_cast<v1::ListInitiativesRequest::Sort>(9));
  EXPECT_THAT(city_.List(list), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(city_.Merge(city_.Publish("a"), "initiatives/x"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  const std::string name = city_.Publish("b");
  EXPECT_THAT(city_.Merge(name, name), HasReason("INITIATIVE_MERGE_CYCLE"));
}

}  // namespace
}  // namespace veche::polling
