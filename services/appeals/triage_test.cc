#include "services/appeals/service_fixture.h"

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

TEST_F(ServiceTest, QueuesWhatLooksLikeSpamForModerators) {
  auto advert = Create("Яма? Лучше казино! Звоните 8 900 123 45 67", Resident("ivan"));
  auto plain = Create("Яма на дороге", Resident("ivan"));
  ASSERT_OK(advert);
  ASSERT_OK(plain);
  // It stays where it is and is answered like any other.
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
