#include <gtest/gtest.h>

#include <set>

#include "services/appeals/domain/duplicates.h"
#include "services/appeals/testing/calls_fixture.h"
#include "services/appeals/testing/test_appeals.h"

// Bounds of what one call may cost or carry, relations, and guests' contacts.

namespace veche::appeals {
namespace {

using rpc::testing::MakeCall;
using rpc::testing::MakeCallWithKey;
using rpc::testing::Resident;
using rpc::testing::Supervisor;
using testing::HasReason;
using ::testing::UnorderedElementsAre;

constexpr size_t kGrpcLimit = 4 * 1024 * 1024;

std::string Long(int characters) {
  std::string text;
  for (int i = 0; i < characters; ++i) text += "ж";
  return text;
}

class LimitsTest : public CallsTest {
 protected:
  template <typename Request, typename Method>
  auto SetRelation(Method method, const std::string& name, const auth::Principal& caller) {
    Request request;
    request.set_name(name);
    return (author_calls_.*method)(MakeCall(caller), request);
  }
  auto Support(const std::string& name, const auth::Principal& caller) {
    return SetRelation<v1::SupportAppealRequest>(&AuthorCalls::SupportAppeal, name, caller);
  }
  auto Unsupport(const std::string& name, const auth::Principal& caller) {
    return SetRelation<v1::UnsupportAppealRequest>(&AuthorCalls::UnsupportAppeal, name, caller);
  }
  auto Follow(const std::string& name, const auth::Principal& caller) {
    return SetRelation<v1::FollowAppealRequest>(&AuthorCalls::FollowAppeal, name, caller);
  }
  auto Unfollow(const std::string& name, const auth::Principal& caller) {
    return SetRelation<v1::UnfollowAppealRequest>(&AuthorCalls::UnfollowAppeal, name, caller);
  }
  void Reject(const std::string& name, v1::RejectAppealRequest::Reason reason) {
    v1::RejectAppealRequest reject;
    reject.set_name(name);
    reject.set_reason(reason);
    reject.set_comment("Нет.");
    ASSERT_OK(staff_calls_.RejectAppeal(MakeCall(Supervisor("boss")), reject));
  }

  const auth::Principal anna_ = Resident("anna");
};

TEST_F(LimitsTest, EndsPagesBeforeTheyAreTooLongToSend) {
  v1::CreateAppealRequest create;
  create.set_text(Long(20'000));
  for (int i = 0; i < 110; ++i) {
    clock_.Advance(absl::Seconds(1));
    ASSERT_OK(Create({}, create));
  }
  std::set<std::string> listed, inbox;
  v1::ListAppealsRequest request;
  request.set_page_size(200);
  v1::ListInboxRequest inbox_request;
  inbox_request.set_page_size(200);
  do {
    auto page = list_calls_.ListAppeals(MakeCall(), request);
    ASSERT_OK(page);
    EXPECT_LT(page->ByteSizeLong(), kGrpcLimit);
    ASSERT_GT(page->appeals_size(), 0);
    for (const auto& appeal : page->appeals()) EXPECT_TRUE(listed.insert(appeal.name()).second);
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  do {
    auto page = list_calls_.ListInbox(MakeCall(Supervisor("boss")), inbox_request);
    ASSERT_OK(page);
    EXPECT_LT(page->ByteSizeLong(), kGrpcLimit);
    ASSERT_GT(page->appeals_size(), 0);
    for (const auto& appeal : page->appeals()) EXPECT_TRUE(inbox.insert(appeal.name()).second);
    inbox_request.set_page_token(page->next_page_token());
  } while (!inbox_request.page_token().empty());
  EXPECT_EQ(listed.size(), 110u);
  EXPECT_EQ(inbox.size(), 110u);
}

TEST_F(LimitsTest, TakesNoMoreMessagesThanATimelineCanShow) {
  const std::string name = Create(Resident("ivan"))->name();
  const std::string text = Long(10'000);
  for (int i = 0; i < 50; ++i) ASSERT_OK(Write(name, Resident("ivan"), text));
  EXPECT_THAT(Write(name, Resident("ivan"), "ещё"), HasReason("TOO_MANY_MESSAGES"));
  v1::GetTimelineRequest whole;
  whole.set_name(name);
  auto timeline = read_calls_.GetTimeline(MakeCall(Resident("ivan")), whole);
  ASSERT_OK(timeline);
  EXPECT_EQ(timeline->entries_size(), 51);
  EXPECT_LT(timeline->ByteSizeLong(), kGrpcLimit);
  const std::string other = Create(Resident("ivan"))->name();
  for (int i = 0; i < 1'000; ++i) ASSERT_OK(Write(other, Resident("ivan"), "да"));
  EXPECT_THAT(Write(other, Supervisor("boss"), "да", true), HasReason("TOO_MANY_MESSAGES"));
}

TEST_F(LimitsTest, LetsAnAppealThatWentRoundAndRoundOnlyEnd) {
  const std::string name = Create(Resident("ivan"))->name();
  v1::AssignAppealRequest assign;
  assign.set_name(name);
  absl::Status status;
  int taken = 0;
  for (; status.ok() && taken < 1'000; ++taken) {
    assign.set_department(taken % 2 == 0 ? "departments/roads" : "departments/housing");
    status = assign_calls_.AssignAppeal(MakeCall(Supervisor("boss")), assign).status();
  }
  EXPECT_THAT(status, HasReason("TIMELINE_FULL"));
  EXPECT_LE(taken, 501);
  v1::GetTimelineRequest whole;
  whole.set_name(name);
  auto timeline = read_calls_.GetTimeline(MakeCall(Supervisor("boss")), whole);
  ASSERT_OK(timeline);
  EXPECT_EQ(timeline->entries_size(), 500);
  EXPECT_OK(Write(name, Resident("ivan"), "Долго ещё?"));
  v1::ResolveAppealRequest resolve;
  resolve.set_name(name);
  resolve.set_answer("Сделано.");
  ASSERT_OK(staff_calls_.ResolveAppeal(MakeCall(Supervisor("boss")), resolve));
  v1::ReopenAppealRequest reopen;
  reopen.set_name(name);
  reopen.set_comment("Нет.");
  EXPECT_THAT(author_calls_.ReopenAppeal(MakeCall(Resident("ivan")), reopen),
              HasReason("TIMELINE_FULL"));
}

TEST_F(LimitsTest, PagesMessagesByTheirLengthToo) {
  const std::string name = Create(Resident("ivan"))->name();
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "🎄";
  for (int i = 0; i < 45; ++i) ASSERT_OK(Write(name, Resident("ivan"), text));
  v1::ListMessagesRequest list;
  list.set_parent(name);
  list.set_page_size(200);
  auto first = message_calls_.ListMessages(MakeCall(Resident("ivan")), list);
  ASSERT_OK(first);
  EXPECT_LT(first->messages_size(), 45);
  list.set_page_token(first->next_page_token());
  auto second = message_calls_.ListMessages(MakeCall(Resident("ivan")), list);
  ASSERT_OK(second);
  EXPECT_EQ(first->messages_size() + second->messages_size(), 45);
  EXPECT_EQ(second->next_page_token(), "");
}

TEST_F(LimitsTest, AsksIdentityWithAShortAndSteadyRequestId) {
  v1::CreateAppealRequest create;
  create.set_text("Яма");
  create.set_contact("+79991234567");
  const std::string print(64, 'f');
  const auto call = MakeCallWithKey({}, std::string(255, 'k'), print);
  ASSERT_OK(submit_calls_.CreateAppeal(call, create));
  // Two concurrent submissions have the same guest at identity; the second is undone.
  EXPECT_THAT(submit_calls_.CreateAppeal(call, create), HasReason("IDEMPOTENCY_KEY_IN_USE"));
  const std::vector<std::string> ids = peers_.identity.request_ids();
  ASSERT_EQ(ids.size(), 2u);
  EXPECT_EQ(ids[0], ids[1]);
  EXPECT_EQ(ids[0].size(), 64u);
  peers_.identity.refuses = true;
  EXPECT_THAT(BadFields(submit_calls_.CreateAppeal(MakeCall(), create).status()),
              UnorderedElementsAre("contact"));
}

// What If-Match compares.
std::string VersionIn(const std::string& etag) { return etag.substr(0, etag.find('.')); }

TEST_F(LimitsTest, TiesLeaveTheVersionAlone) {
  const v1::Appeal created = *Create(Resident("ivan"));
  auto supported = Support(created.name(), anna_);
  ASSERT_OK(supported);
  EXPECT_EQ(supported->supporter_count(), 1);
  EXPECT_TRUE(supported->supported());
  EXPECT_EQ(VersionIn(supported->etag()), VersionIn(created.etag()));
  EXPECT_NE(supported->etag(), created.etag()) << "a reader would be told that nothing changed";
  EXPECT_EQ(VersionIn(Follow(created.name(), anna_)->etag()), VersionIn(created.etag()));
  auto read = Get(created.name(), anna_);
  EXPECT_EQ(read->supporter_count(), 1);
  EXPECT_TRUE(read->followed());
  EXPECT_EQ(Unsupport(created.name(), anna_)->supporter_count(), 0);
  EXPECT_EQ(VersionIn(Unfollow(created.name(), anna_)->etag()), VersionIn(created.etag()));
}

TEST_F(LimitsTest, TakesNoTiesToWhatIsOver) {
  const std::string merged = Create(Resident("ivan"))->name();
  const std::string target = Create(Resident("ivan"))->name();
  v1::MergeAppealRequest merge;
  merge.set_name(merged);
  merge.set_into(target);
  ASSERT_OK(staff_calls_.MergeAppeal(MakeCall(Supervisor("boss")), merge));
  for (const auto& refused : {Support(merged, anna_), Follow(merged, anna_)}) {
    EXPECT_THAT(refused, HasReason("TRANSITION_NOT_ALLOWED"));
    EXPECT_EQ(ErrorMetadataValue(refused.status(), "state"), "MERGED");
    EXPECT_EQ(ErrorMetadataValue(refused.status(), "mergedInto"), target);
  }
  v1::WithdrawAppealRequest withdraw;
  withdraw.set_name(target);
  ASSERT_OK(author_calls_.WithdrawAppeal(MakeCall(Resident("ivan")), withdraw));
  EXPECT_THAT(Support(target, anna_), HasReason("TRANSITION_NOT_ALLOWED"));
  EXPECT_THAT(Follow(target, anna_), HasReason("TRANSITION_NOT_ALLOWED"));
  const std::string rejected = Create(Resident("ivan"))->name();
  Reject(rejected, v1::RejectAppealRequest::NOT_CITY_MATTER);
  EXPECT_THAT(Support(rejected, anna_), HasReason("TRANSITION_NOT_ALLOWED"));
  EXPECT_OK(Follow(rejected, anna_));
}

TEST_F(LimitsTest, LetsGoOfWhatHasBecomePrivate) {
  const std::string name = Create(Resident("ivan"))->name();
  ASSERT_OK(Support(name, anna_));
  ASSERT_OK(Follow(name, anna_));
  Reject(name, v1::RejectAppealRequest::ABUSE);
  EXPECT_THAT(Get(name, anna_), HasReason("APPEAL_NOT_FOUND"));
  EXPECT_THAT(Unfollow(name, Resident("zoya")), HasReason("APPEAL_NOT_FOUND"));
  auto left = Unfollow(name, anna_);
  ASSERT_OK(left);
  EXPECT_FALSE(left->followed());
  EXPECT_EQ(left->text(), "");
  ASSERT_OK(Unsupport(name, anna_));
  EXPECT_EQ(Get(name, Supervisor("boss"))->supporter_count(), 0);
  EXPECT_THAT(Unfollow(name, anna_), HasReason("APPEAL_NOT_FOUND"));
}

TEST_F(LimitsTest, AnswersTimesAsTheyAreRead) {
  clock_.Advance(absl::Nanoseconds(123'456'789));
  const v1::Appeal appeal = CreateInProgress();
  auto written = Write(appeal.name(), officer_, "Едем.");
  ASSERT_OK(written);
  v1::ListMessagesRequest list;
  list.set_parent(appeal.name());
  auto read = message_calls_.ListMessages(MakeCall(officer_), list);
  ASSERT_OK(read);
  EXPECT_EQ(written->create_time().nanos(), read->messages(0).create_time().nanos());
  v1::ResolveAppealRequest resolve;
  resolve.set_name(appeal.name());
  resolve.set_answer("Сделано.");
  auto resolved = staff_calls_.ResolveAppeal(MakeCall(officer_), resolve);
  ASSERT_OK(resolved);
  EXPECT_EQ(resolved->SerializeAsString(), Get(appeal.name(), officer_)->SerializeAsString());
}

TEST_F(LimitsTest, ComparesTheNearestByTheirBeginnings) {
  std::vector<Appeal> near;
  for (int i = 0; i < 60; ++i) {
    near.push_back(MakeAppeal(ids_, {.text = i < 50 ? "Нет тепла" : "Глубокая яма у школы"}));
  }
  const geo::LatLng here{55.8, 49.05};
  EXPECT_TRUE(RankDuplicates("Глубокая яма у школы", here, near).empty());
  near[49].text = "Глубокая яма у школы. " + Long(5'000);
  near[48].text = Long(700) + " глубокая яма у школы";
  auto found = RankDuplicates("Глубокая яма у школы", here, near);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].index, 49u);
}

TEST_F(LimitsTest, ImportsTheTimeOfTheEndOrNone) {
  v1::ImportAppealsRequest request;
  request.set_source("old");
  auto add = [&](const std::string& id, v1::Appeal::State state, int resolved) {
    auto& row = *request.add_rows();
    row.set_source_id(id);
    row.set_text("Яма " + id);
    row.set_state(state);
    row.mutable_create_time()->set_seconds(1'700'000'000);
    if (resolved != 0) row.mutable_resolve_time()->set_seconds(resolved);
  };
  add("known", v1::Appeal::CLOSED, 1'700'100'000);
  add("unknown", v1::Appeal::RESOLVED, 0);
  add("before", v1::Appeal::CLOSED, 1'600'000'000);
  add("open", v1::Appeal::ASSIGNED, 1'700'100'000);
  auto imported = import_calls_.ImportAppeals(MakeCall(rpc::testing::Admin("root")), request);
  ASSERT_OK(imported);
  EXPECT_EQ(imported->created(), 2);
  ASSERT_EQ(imported->bad_rows_size(), 2);
  auto listed = list_calls_.ListAppeals(MakeCall(), v1::ListAppealsRequest());
  ASSERT_OK(listed);
  for (const auto& appeal : listed->appeals()) {
    const bool known = appeal.state() == v1::Appeal::CLOSED;
    EXPECT_EQ(appeal.has_resolve_time(), known);
    v1::GetTimelineRequest whole;
    whole.set_name(appeal.name());
    auto timeline = read_calls_.GetTimeline(MakeCall(), whole);
    ASSERT_OK(timeline);
    ASSERT_EQ(timeline->entries_size(), 2);
    EXPECT_EQ(timeline->entries(1).time().seconds(), known ? 1'700'100'000 : 1'700'000'000);
  }
}

}  // namespace
}  // namespace veche::appeals
