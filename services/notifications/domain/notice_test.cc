#include "services/notifications/domain/notice.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace veche::notifications {
namespace {

AppealEvent MakeEvent(absl::string_view type, std::string actor = "staff/1") {
  return {.type = absl::StrCat("veche.appeals.", type), .actor = std::move(actor)};
}

TEST(NoticeTest, WhatIsNews) {
  for (const char* type : {"assigned", "started", "info_requested", "resolved", "rejected",
                           "forwarded", "merged", "reopened", "messaged", "closed"}) {
    EXPECT_TRUE(IsNews(MakeEvent(type))) << type;
  }
  for (const char* type :
       {"submitted", "registered", "info_given", "withdrawn", "rated", "supported", "followed",
        "unfollowed", "escalated", "deadline_changed", "merged_from", "something_new", ""}) {
    EXPECT_FALSE(IsNews(MakeEvent(type))) << type;
  }
  EXPECT_FALSE(IsNews(MakeEvent("messaged", "residents/1")));
  EXPECT_FALSE(IsNews({.type = "resolved"}));
}

TEST(NoticeTest, WhatChangesFollowers) {
  EXPECT_EQ(FollowChangeOf(MakeEvent("followed", "residents/1")), FollowChange::kFollow);
  EXPECT_EQ(FollowChangeOf(MakeEvent("supported", "residents/1")), FollowChange::kSupport);
  EXPECT_EQ(FollowChangeOf(MakeEvent("unsupported", "residents/1")), FollowChange::kUnsupport);
  EXPECT_EQ(FollowChangeOf(MakeEvent("unfollowed", "residents/1")), FollowChange::kUnfollow);
  EXPECT_EQ(FollowChangeOf(MakeEvent("followed", "")), FollowChange::kNone);
  EXPECT_EQ(FollowChangeOf(MakeEvent("resolved")), FollowChange::kNone);
  EXPECT_EQ(FollowChangeOf(MakeEvent("merged")), FollowChange::kNone);
  AppealEvent merge = MakeEvent("merged");
  merge.merged_into = "appeals/2";
  EXPECT_EQ(FollowChangeOf(merge), FollowChange::kCopyFollowers);
}

TEST(NoticeTest, TitlesAreInTheCitysLanguage) {
  const auto title = [](absl::string_view language) {
    return TitleOf("veche.appeals.resolved", "2026-7", language);
  };
  EXPECT_EQ(title("ru"), "Обращение 2026-7 решено");
  EXPECT_EQ(title("tt"), "2026-7 мөрәҗәгате хәл ителде");
  EXPECT_EQ(title("uk"), "Звернення 2026-7 вирішено");
  EXPECT_EQ(title("en"), "Report 2026-7 is resolved");
  EXPECT_EQ(title("de"), title("ru"));
  EXPECT_EQ(TitleOf("veche.appeals.unheard_of", "2026-7", "ru"), "2026-7");
}

}  // namespace
}  // namespace veche::notifications
