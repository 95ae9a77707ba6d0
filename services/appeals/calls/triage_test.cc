#include <gmock/gmock.h>

#include "absl/functional/function_ref.h"
#include "services/appeals/testing/service_fixture.h"

// Why an appeal is urgent, and what waits for moderators, through real gRPC.

namespace veche::appeals {
namespace {

using rpc::testing::Officer;
using rpc::testing::Resident;
using rpc::testing::Supervisor;
using testing::HasReason;

TEST_F(ServiceTest, TellsStaffAloneWhyAnAppealIsUrgent) {
  auto created = Create("Яма на дороге, пахнет газом", Resident("ivan"));
  ASSERT_OK(created);
  const v1::Appeal urgent = WaitFor(created->name(), v1::Appeal::ASSIGNED);
  EXPECT_EQ(urgent.priority_score(), 100);
  ASSERT_EQ(urgent.priority_reasons_size(), 1);
  EXPECT_EQ(urgent.priority_reasons(0).reason(), "hazard");
  v1::SupportAppealRequest support;
  support.set_name(created->name());
  ASSERT_OK(Ask(&v1::Appeals::Stub::SupportAppeal, Resident("anna"), support));
  EXPECT_EQ(Get(created->name(), Supervisor("boss"))->priority_reasons_size(), 2);
  for (const auth::Principal& reader : {Resident("ivan"), Resident("anna"), auth::Principal()}) {
    auto seen = Get(created->name(), reader);
    ASSERT_OK(seen);
    EXPECT_EQ(seen->priority_score(), 0);
    EXPECT_EQ(seen->priority_reasons_size(), 0);
    EXPECT_FALSE(seen->has_moderation());
  }
}

// Waits until staff see it with this priority.
v1::Appeal WaitForPriority(absl::FunctionRef<absl::StatusOr<v1::Appeal>()> read,
                           classification::v1::Priority priority) {
  const absl::Time end = absl::Now() + absl::Seconds(20);
  while (absl::Now() < end) {
    auto appeal = read();
    if (appeal.ok() && appeal->priority() == priority) return *std::move(appeal);
    std::this_thread::yield();
  }
  ADD_FAILURE() << "the priority does not become " << priority;
  return {};
}

TEST_F(ServiceTest, ThePriorityFollowsTheCategoryThatAPersonChose) {
  auto created = Create("Яма на дороге", Resident("ivan"));
  ASSERT_OK(created);
  const v1::Appeal routed = WaitFor(created->name(), v1::Appeal::ASSIGNED);
  EXPECT_EQ(routed.priority(), classification::v1::NORMAL);
  auto read = [&] { return Get(created->name(), Supervisor("boss")); };
  v1::AssignAppealRequest assign;
  assign.set_name(created->name());
  assign.set_category("categories/heating");
  ASSERT_OK(Ask(&v1::Appeals::Stub::AssignAppeal, Supervisor("boss"), assign));
  const v1::Appeal risky = WaitForPriority(read, classification::v1::HIGH);
  EXPECT_EQ(risky.priority_score(), 60);
  ASSERT_EQ(risky.priority_reasons_size(), 1);
  EXPECT_EQ(risky.priority_reasons(0).reason(), "risky_topic");
  // With a department it is the same call in both directions.
  assign.set_category("categories/potholes");
  assign.set_department("departments/roads");
  ASSERT_OK(Ask(&v1::Appeals::Stub::AssignAppeal, Supervisor("boss"), assign));
  EXPECT_EQ(WaitForPriority(read, classification::v1::NORMAL).priority_reasons_size(), 0);

  v1::GetTimelineRequest request;
  request.set_name(created->name());
  auto changes = [&](const auth::Principal& reader) {
    std::vector<std::string> comments;
    auto timeline = Ask(&v1::Appeals::Stub::GetTimeline, reader, request);
    EXPECT_OK(timeline);
    for (const auto& entry : timeline->entries()) {
      if (entry.type() == "PRIORITY_CHANGED") comments.push_back(entry.comment());
    }
    return comments;
  };
  EXPECT_THAT(changes(Supervisor("boss")),
              ::testing::ElementsAre("Приоритет: обычный → высокий\nопасная тема +30",
                                     "Приоритет: высокий → обычный"));
  EXPECT_THAT(changes({}), ::testing::IsEmpty());
}

TEST_F(ServiceTest, ThePriorityFollowsSupporters) {
  auto created = Create("Отопление: на пороге опасного", Resident("ivan"));
  ASSERT_OK(created);
  auto read = [&] { return Get(created->name(), Supervisor("boss")); };
  WaitFor(created->name(), v1::Appeal::REGISTERED);
  v1::SupportAppealRequest support;
  support.set_name(created->name());
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(Ask(&v1::Appeals::Stub::SupportAppeal, Resident(absl::StrCat("r", i)), support));
  }
  // 20 points of the text and 10 of three supporters.
  WaitForPriority(read, classification::v1::HIGH);
  v1::ListInboxRequest inbox;
  inbox.set_priority(classification::v1::HIGH);
  EXPECT_EQ(Ask(&v1::Appeals::Stub::ListInbox, Supervisor("boss"), inbox)->appeals_size(), 1);
  v1::UnsupportAppealRequest unsupport;
  unsupport.set_name(created->name());
  ASSERT_OK(Ask(&v1::Appeals::Stub::UnsupportAppeal, Resident("r0"), unsupport));
  WaitForPriority(read, classification::v1::NORMAL);
}

TEST_F(ServiceTest, APersonConfirmsTheCategoryThatWasOnlySuggested) {
  auto created = Create("Яма, похоже, или нет тепла", Resident("ivan"));
  ASSERT_OK(created);
  const v1::Appeal waiting = WaitFor(created->name(), v1::Appeal::REGISTERED);
  EXPECT_EQ(waiting.category(), "");
  EXPECT_EQ(waiting.routing().by(), v1::Routing::BY_UNSPECIFIED);
  EXPECT_EQ(waiting.routing().suggested_category(), "categories/potholes");
  EXPECT_FALSE(Get(created->name(), Resident("ivan"))->has_routing());
  v1::AssignAppealRequest assign;
  assign.set_name(created->name());
  assign.set_category(waiting.routing().suggested_category());
  auto confirmed = Ask(&v1::Appeals::Stub::AssignAppeal, Supervisor("boss"), assign);
  ASSERT_OK(confirmed);
  EXPECT_EQ(confirmed->department(), "departments/roads");
  EXPECT_EQ(confirmed->routing().suggested_category(), "");

  // Where only the category is unconfirmed, an assignment to a department leaves it unconfirmed.
  auto other = Create("Яма, похоже, или колодец", Resident("ivan"));
  ASSERT_OK(other);
  EXPECT_EQ(WaitFor(other->name(), v1::Appeal::ASSIGNED).routing().by(), v1::Routing::CATEGORIES);
  assign.set_name(other->name());
  assign.clear_category();
  assign.set_department("departments/housing");
  auto moved = Ask(&v1::Appeals::Stub::AssignAppeal, Supervisor("boss"), assign);
  ASSERT_OK(moved);
  EXPECT_EQ(moved->routing().by(), v1::Routing::PERSON);
  EXPECT_EQ(moved->routing().suggested_category(), "categories/potholes");
  assign.set_category("categories/potholes");
  EXPECT_EQ(Ask(&v1::Appeals::Stub::AssignAppeal, Supervisor("boss"), assign)
                ->routing()
                .suggested_category(),
            "");
}

TEST_F(ServiceTest, QueuesWhatLooksLikeSpamForModerators) {
  auto advert = Create("Яма? Лучше казино! Звоните 8 900 123 45 67", Resident("ivan"));
  auto plain = Create("Яма на дороге", Resident("ivan"));
  ASSERT_OK(advert);
  ASSERT_OK(plain);
  // The appeal stays where it is and is answered like any other.
  EXPECT_TRUE(WaitFor(advert->name(), v1::Appeal::ASSIGNED).flagged());
  EXPECT_FALSE(WaitFor(plain->name(), v1::Appeal::ASSIGNED).flagged());
  EXPECT_OK(Get(advert->name()));

  auth::Principal moderator = Officer("vera", "");
  moderator.roles = {options::v1::ANYONE, options::v1::MODERATOR};
  v1::ListInboxRequest queue;
  EXPECT_THAT(Ask(&v1::Appeals::Stub::ListInbox, moderator, queue), HasReason("OTHER_DEPARTMENT"));
  queue.set_flagged(true);
  auto listed = Ask(&v1::Appeals::Stub::ListInbox, moderator, queue);
  ASSERT_OK(listed);
  ASSERT_EQ(listed->appeals_size(), 1);
  EXPECT_EQ(listed->appeals(0).name(), advert->name());
  EXPECT_EQ(listed->appeals(0).moderation().reasons(0), "gambling");
  EXPECT_FALSE(absl::StrContains(listed->appeals(0).text(), "123 45 67"));  // as the public sees it

  v1::ReviewAppealRequest review;
  review.set_name(advert->name());
  EXPECT_THAT(Ask(&v1::Appeals::Stub::ReviewAppeal, Officer("olga", "departments/roads"), review),
              testing::StatusIs(absl::StatusCode::kPermissionDenied));
  auto reviewed = Ask(&v1::Appeals::Stub::ReviewAppeal, moderator, review);
  ASSERT_OK(reviewed);
  EXPECT_FALSE(reviewed->flagged());
  EXPECT_EQ(Ask(&v1::Appeals::Stub::ListInbox, moderator, queue)->appeals_size(), 0);
}

}  // namespace
}  // namespace veche::appeals
