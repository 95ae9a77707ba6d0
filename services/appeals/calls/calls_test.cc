#include <gtest/gtest.h>

#include "services/appeals/testing/calls_fixture.h"
#include "services/appeals/workers/deadline_worker.h"

namespace veche::appeals {
namespace {

using rpc::testing::MakeCall;
using rpc::testing::Officer;
using rpc::testing::Resident;
using rpc::testing::Supervisor;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::StatusIs;
using ::testing::UnorderedElementsAre;

TEST_F(CallsTest, NamesEveryBadFieldAtOnce) {
  v1::CreateAppealRequest request;
  request.set_text(" \n ");
  request.mutable_location()->set_latitude(91);
  request.mutable_location()->set_longitude(200);
  request.set_category("categories/none");
  request.set_contact("call me");
  request.add_attachments("attachments/01jz0000000000000000000000");
  auto status = submit_calls_.CreateAppeal(MakeCall(), request).status();
  EXPECT_THAT(BadFields(status),
              UnorderedElementsAre("text", "location.latitude", "location.longitude", "category",
                                   "contact", "attachments[0]"));
}

TEST_F(CallsTest, APlaceHasBothCoordinatesOrAnAddressAlone) {
  v1::CreateAppealRequest request;
  request.mutable_location()->set_address("ул. Баумана, 12");
  const auto created = Create(Resident("ivan"), request);
  ASSERT_OK(created);
  EXPECT_EQ(created->location().address(), "ул. Баумана, 12");
  EXPECT_FALSE(created->location().has_latitude());
  EXPECT_FALSE(created->location().has_longitude());
  EXPECT_EQ(created->district(), "");

  request.mutable_location()->set_latitude(55.7);
  EXPECT_THAT(BadFields(Create(Resident("ivan"), request).status()),
              UnorderedElementsAre("location.longitude"));
  v1::SuggestDuplicatesRequest similar;
  similar.set_text("Яма");
  *similar.mutable_location() = request.location();
  const auto suggest = [&] { return list_calls_.SuggestDuplicates(MakeCall(), similar); };
  EXPECT_THAT(BadFields(suggest().status()), UnorderedElementsAre("location.longitude"));
  similar.mutable_location()->clear_latitude();
  EXPECT_EQ(suggest()->candidates_size(), 0);
}

TEST_F(CallsTest, SaysNothingWhereThereIsNothing) {
  const auto created = Create(Resident("ivan"));
  ASSERT_OK(created);
  EXPECT_FALSE(created->has_answer());
  EXPECT_FALSE(created->has_rating());
  EXPECT_FALSE(created->has_merged_into());
  EXPECT_FALSE(created->has_advice());
  EXPECT_FALSE(created->has_follow_token());
  EXPECT_FALSE(created->has_priority_score());
  const auto seen = Get(created->name(), Supervisor("boss"));
  ASSERT_OK(seen);
  EXPECT_TRUE(seen->has_priority_score());
  EXPECT_TRUE(seen->has_similar_count());
  EXPECT_TRUE(seen->has_flagged());
  EXPECT_TRUE(Create({})->has_follow_token());
}

TEST_F(CallsTest, AsksForASignInBeforeAFormalAppeal) {
  v1::CreateAppealRequest request;
  request.set_class_(v1::Appeal::FORMAL);
  EXPECT_THAT(Create({}, request), StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(BadFields(Create(officer_, request).status()), UnorderedElementsAre("class"));
}

TEST_F(CallsTest, AnswersEveryKindOfText) {
  auto create = [&](const std::string& text) {
    v1::CreateAppealRequest request;
    request.set_text(text);
    return submit_calls_.CreateAppeal(MakeCall(Resident("ivan")), request);
  };
  EXPECT_THAT(create(""), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(create(std::string(100'000, 'a')), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(create(std::string("a\0b", 3)), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(create("\xD0"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(create("\u200B\u200B"), StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* text : {"שלום עולם", "🎄🎄", "ё"}) {
    auto created = create(text);
    ASSERT_OK(created);
    EXPECT_EQ(created->text(), text);
  }
}

TEST_F(CallsTest, HidesThePersonFromThePublic) {
  auto created = Create(Resident("ivan"));
  ASSERT_OK(created);
  EXPECT_THAT(created->text(), HasSubstr("123-45-67"));
  auto seen = Get(created->name(), {});
  ASSERT_OK(seen);
  EXPECT_THAT(seen->text(), HasSubstr("[телефон]"));
  EXPECT_EQ(seen->follow_token(), "");
  EXPECT_THAT(Get(created->name(), Supervisor("boss"))->text(), HasSubstr("123-45-67"));
}

TEST_F(CallsTest, ShowsPrivateAppealsToTheirPeopleAlone) {
  v1::CreateAppealRequest request;
  request.set_class_(v1::Appeal::FORMAL);
  auto created = Create(Resident("ivan"), request);
  ASSERT_OK(created);
  EXPECT_EQ(created->visibility(), v1::Appeal::PRIVATE);
  EXPECT_OK(Get(created->name(), Resident("ivan")));
  EXPECT_OK(Get(created->name(), Supervisor("boss")));
  EXPECT_THAT(Get(created->name(), Resident("anna")), HasReason("APPEAL_NOT_FOUND"));
  EXPECT_THAT(Get(created->name(), officer_), HasReason("APPEAL_NOT_FOUND"));
  EXPECT_THAT(Get(created->name(), {}), HasReason("APPEAL_NOT_FOUND"));
  EXPECT_THAT(Write(created->name(), Resident("anna"), "x"), HasReason("APPEAL_NOT_FOUND"));
}

TEST_F(CallsTest, AGuestsTokenActsLikeTheAuthor) {
  v1::CreateAppealRequest request;
  request.set_visibility(v1::Appeal::PRIVATE);
  auto created = Create({}, request);
  ASSERT_OK(created);
  const std::string token = created->follow_token();
  EXPECT_THAT(Get(created->name(), {}, "wrong"), HasReason("APPEAL_NOT_FOUND"));
  ASSERT_OK(Get(created->name(), {}, token));
  v1::WithdrawAppealRequest withdraw;
  withdraw.set_name(created->name());
  EXPECT_THAT(author_calls_.WithdrawAppeal(MakeCall(), withdraw), HasReason("APPEAL_NOT_FOUND"));
  withdraw.set_follow_token(token);
  auto withdrawn = author_calls_.WithdrawAppeal(MakeCall(), withdraw);
  ASSERT_OK(withdrawn);
  EXPECT_EQ(withdrawn->state(), v1::Appeal::WITHDRAWN);
  EXPECT_THAT(author_calls_.WithdrawAppeal(MakeCall(), withdraw),
              HasReason("TRANSITION_NOT_ALLOWED"));
}

TEST_F(CallsTest, LeavesStepsToThoseWhoMayTakeThem) {
  const v1::Appeal appeal = CreateInProgress();
  v1::RequestInfoRequest ask;
  ask.set_name(appeal.name());
  ask.set_comment("Где именно?");
  EXPECT_THAT(staff_calls_.RequestInfo(MakeCall(Officer("petr", "departments/housing")), ask),
              HasReason("OTHER_DEPARTMENT"));
  v1::ReopenAppealRequest reopen;
  reopen.set_name(appeal.name());
  reopen.set_comment("Нет");
  EXPECT_THAT(author_calls_.ReopenAppeal(MakeCall(Resident("anna")), reopen),
              HasReason("NOT_AUTHOR"));
}

TEST_F(CallsTest, TheAuthorsAnswerPutsWorkBackInProgress) {
  const v1::Appeal appeal = CreateInProgress();
  v1::RequestInfoRequest ask;
  ask.set_name(appeal.name());
  ask.set_comment("Где именно?");
  auto asked = staff_calls_.RequestInfo(MakeCall(officer_), ask);
  ASSERT_OK(asked);
  EXPECT_FALSE(asked->has_due_time());
  ASSERT_OK(Write(appeal.name(), officer_, "Ждём ответа."));
  EXPECT_EQ(Get(appeal.name(), officer_)->state(), v1::Appeal::NEEDS_INFO);
  clock_.Advance(absl::Hours(30));
  ASSERT_OK(Write(appeal.name(), Resident("ivan"), "У школы."));
  auto now = Get(appeal.name(), officer_);
  EXPECT_EQ(now->state(), v1::Appeal::IN_PROGRESS);
  EXPECT_TRUE(now->has_due_time());
}

TEST_F(CallsTest, KeepsNotesForStaffAndMessagesForTheTwo) {
  const v1::Appeal appeal = CreateInProgress();
  ASSERT_OK(Write(appeal.name(), officer_, "Опять он.", true));
  ASSERT_OK(Write(appeal.name(), officer_, "Уточните адрес."));
  EXPECT_THAT(Write(appeal.name(), Resident("ivan"), "x", true), HasReason("NOT_AUTHOR"));
  v1::ListMessagesRequest list;
  list.set_parent(appeal.name());
  EXPECT_EQ(message_calls_.ListMessages(MakeCall(officer_), list)->messages_size(), 2);
  EXPECT_EQ(message_calls_.ListMessages(MakeCall(Resident("ivan")), list)->messages_size(), 1);
  EXPECT_THAT(message_calls_.ListMessages(MakeCall(), list), HasReason("NOT_AUTHOR"));
  using Types = std::vector<std::string>;
  EXPECT_EQ(TimelineTypes(appeal.name(), {}), (Types{"SUBMITTED", "ASSIGNED", "STARTED"}));
  EXPECT_EQ(TimelineTypes(appeal.name(), officer_),
            (Types{"SUBMITTED", "ASSIGNED", "STARTED", "NOTE", "COMMENT"}));
}

TEST_F(CallsTest, RefusesAnOldEtag) {
  const v1::Appeal appeal = CreateInProgress();
  v1::ResolveAppealRequest resolve;
  resolve.set_name(appeal.name());
  resolve.set_answer("Сделано.");
  resolve.set_etag(appeal.etag());
  EXPECT_THAT(staff_calls_.ResolveAppeal(MakeCall(officer_), resolve), HasReason("ETAG_MISMATCH"));
  resolve.set_etag(Get(appeal.name(), officer_)->etag());
  EXPECT_OK(staff_calls_.ResolveAppeal(MakeCall(officer_), resolve));
}

TEST_F(CallsTest, EscalatesWhatIsOverdueOnce) {
  const v1::Appeal appeal = CreateInProgress();
  DeadlineWorker first(store_, calendar_, clock_, observe::NullTelemetry());
  DeadlineWorker second(store_, calendar_, clock_, observe::NullTelemetry());
  clock_.Advance(absl::Hours(24 * 30));
  EXPECT_EQ(*first.RunOnce() + *second.RunOnce(), 1);
  EXPECT_EQ(Get(appeal.name(), officer_)->priority(), classification::v1::HIGH);
  EXPECT_EQ(TimelineTypes(appeal.name(), {}).size(), 3u);  // the public is not told
}

TEST_F(CallsTest, PagesWithTokensThatBelongToTheirFilters) {
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(absl::Seconds(1));
    ASSERT_OK(Create(Resident("ivan")));
  }
  v1::ListAppealsRequest request;
  request.set_page_size(2);
  int seen = 0;
  do {
    auto page = list_calls_.ListAppeals(MakeCall(), request);
    ASSERT_OK(page);
    seen += page->appeals_size();
    request.set_page_token(page->next_page_token());
    if (seen == 2) {
      v1::ListAppealsRequest other = request;
      other.set_kind(v1::Appeal::QUESTION);
      EXPECT_THAT(BadFields(list_calls_.ListAppeals(MakeCall(), other).status()),
                  UnorderedElementsAre("pageToken"));
    }
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, 5);
  request.Clear();
  request.set_mine(true);
  EXPECT_EQ(list_calls_.ListAppeals(MakeCall(Resident("anna")), request)->appeals_size(), 0);
  EXPECT_EQ(list_calls_.ListAppeals(MakeCall(Resident("ivan")), request)->appeals_size(), 5);
  request.set_q("и на");
  EXPECT_EQ(list_calls_.ListAppeals(MakeCall(Resident("ivan")), request)->appeals_size(), 0);
}

TEST_F(CallsTest, MergesAndTakesSupportersAlong) {
  const v1::Appeal repeat = CreateInProgress();
  const v1::Appeal target = CreateInProgress(Resident("anna"));
  v1::SupportAppealRequest support;
  support.set_name(repeat.name());
  ASSERT_OK(author_calls_.SupportAppeal(MakeCall(Resident("zoya")), support));
  v1::MergeAppealRequest merge;
  merge.set_name(repeat.name());
  merge.set_into(target.name());
  auto merged = staff_calls_.MergeAppeal(MakeCall(officer_), merge);
  ASSERT_OK(merged);
  EXPECT_EQ(merged->merged_into(), target.name());
  EXPECT_EQ(Get(target.name(), {})->supporter_count(), 2);
  merge.set_name(target.name());
  merge.set_into(repeat.name());
  EXPECT_THAT(staff_calls_.MergeAppeal(MakeCall(officer_), merge), HasReason("MERGE_CYCLE"));
}

}  // namespace
}  // namespace veche::appeals
