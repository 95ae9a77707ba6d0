#include "services/notifications/domain/appeal_event.h"

#include <gtest/gtest.h>

#include "common/base/texts.h"
#include "services/notifications/texts.h"

namespace veche::notifications {
namespace {

AppealEvent MakeEvent(AppealEventType type, std::string actor = "staff/1") {
  return {.parsed_type = type, .actor = std::move(actor)};
}

TEST(AppealEventTest, WhatIsNews) {
  using enum AppealEventType;
  for (AppealEventType type : {kAssigned, kStarted, kInfoRequested, kResolved, kRejected,
                               kForwarded, kMerged, kReopened, kMessaged, kClosed, kLinked}) {
    EXPECT_TRUE(IsNews(MakeEvent(type))) << static_cast<int>(type);
  }
  AppealEvent overdue = MakeEvent(kEscalated, "");
  overdue.department = "departments/roads";
  EXPECT_TRUE(IsNews(overdue));
  for (AppealEventType type :
       {kUnknown, kSubmitted, kSupported, kUnsupported, kFollowed, kUnfollowed, kEscalated}) {
    EXPECT_FALSE(IsNews(MakeEvent(type))) << static_cast<int>(type);
  }
  EXPECT_FALSE(IsNews(MakeEvent(kMessaged, "residents/1")));
}

TEST(AppealEventTest, ANewAppealGivesAReceiptToWhoLeftAContact) {
  AppealEvent event = MakeEvent(AppealEventType::kSubmitted, "");
  EXPECT_FALSE(IsReceipt(event));
  event.author = "residents/1";
  EXPECT_TRUE(IsReceipt(event));
  event.parsed_type = AppealEventType::kResolved;
  EXPECT_FALSE(IsReceipt(event));
}

TEST(AppealEventTest, WhatChangesFollowers) {
  EXPECT_EQ(FollowChangeOf(MakeEvent(AppealEventType::kFollowed, "residents/1")),
            FollowChange::kFollow);
  EXPECT_EQ(FollowChangeOf(MakeEvent(AppealEventType::kSupported, "residents/1")),
            FollowChange::kSupport);
  EXPECT_EQ(FollowChangeOf(MakeEvent(AppealEventType::kUnsupported, "residents/1")),
            FollowChange::kUnsupport);
  EXPECT_EQ(FollowChangeOf(MakeEvent(AppealEventType::kUnfollowed, "residents/1")),
            FollowChange::kUnfollow);
  EXPECT_EQ(FollowChangeOf(MakeEvent(AppealEventType::kFollowed, "")), FollowChange::kNone);
  EXPECT_EQ(FollowChangeOf(MakeEvent(AppealEventType::kResolved)), FollowChange::kNone);
  EXPECT_EQ(FollowChangeOf(MakeEvent(AppealEventType::kMerged)), FollowChange::kNone);
  AppealEvent merge = MakeEvent(AppealEventType::kMerged);
  merge.merged_into = "appeals/2";
  EXPECT_EQ(FollowChangeOf(merge), FollowChange::kCopyFollowers);
}

TEST(AppealEventTest, TitlesSpeakEachLanguage) {
  const Texts texts = *Texts::Parse({CommonTexts(), TextFiles()});
  const auto title = [&](absl::string_view language) {
    return texts.Get(TitleOf(AppealEventType::kResolved, "2026-7"), language);
  };
  EXPECT_EQ(title("ru"), "Обращение 2026-7 решено");
  EXPECT_EQ(title("tt"), "2026-7 мөрәҗәгате хәл ителде");
  EXPECT_EQ(title("uk"), "Звернення 2026-7 вирішено");
  EXPECT_EQ(title("en"), "Report 2026-7 is resolved");
  EXPECT_EQ(texts.Get(TitleOf(AppealEventType::kUnknown, "2026-7"), "ru"), "2026-7");
}

}  // namespace
}  // namespace veche::notifications
