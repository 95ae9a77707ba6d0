#include "services/notifications/domain/polling_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/base/texts.h"
#include "services/notifications/texts.h"

namespace veche::notifications {
namespace {

using ::testing::ElementsAre;

const absl::Time kTime = absl::FromUnixSeconds(1'790'000'000);

PollingEvent MakeEvent(PollingEventType type, std::vector<std::string> residents = {}) {
  return {.parsed_type = type, .residents = std::move(residents), .time = kTime};
}

TEST(PollingEventTest, WhoHearsOfWhat) {
  using enum PollingEventType;
  const auto audience = [](PollingEventType type) {
    return NewsOf(MakeEvent(type), kTime)->audience;
  };
  for (PollingEventType type : {kPollOpened, kPollClosingSoon, kPollClosed}) {
    EXPECT_EQ(audience(type), Audience::kDistricts) << static_cast<int>(type);
  }
  for (PollingEventType type :
       {kInitiativeApproved, kInitiativeRejected, kInitiativeThresholdReached, kInitiativeExpired,
        kInitiativeWithdrawn, kInitiativeAccepted, kInitiativeDeclined, kInitiativeStageAdded,
        kInitiativeMerged, kInitiativeResponseOverdue}) {
    EXPECT_EQ(audience(type), Audience::kFollowers) << static_cast<int>(type);
  }
  for (PollingEventType type : {kCommentCreated, kCommentHidden}) {
    EXPECT_EQ(audience(type), Audience::kNobodyElse) << static_cast<int>(type);
  }
  for (PollingEventType type : {kUnknown, kInitiativeSupported, kInitiativeUnsupported,
                                static_cast<PollingEventType>(20)}) {
    EXPECT_EQ(NewsOf(MakeEvent(type), kTime), std::nullopt) << static_cast<int>(type);
  }
}

TEST(PollingEventTest, NewsHaveWhatTheEventSays) {
  PollingEvent event = MakeEvent(PollingEventType::kPollOpened, {"residents/1"});
  event.id = "e1";
  event.type = "veche.polling.poll_opened";
  event.subject = "polls/1";
  event.titles = {{"ru", "Сквер"}};
  event.districts = {"districts/a"};
  const std::optional<News> news = NewsOf(event, kTime);
  EXPECT_EQ(news->id, "e1");
  EXPECT_EQ(news->type, "veche.polling.poll_opened");
  EXPECT_EQ(news->subject, "polls/1");
  EXPECT_EQ(news->number, "");
  EXPECT_EQ(news->titles, event.titles);
  EXPECT_THAT(news->residents, ElementsAre("residents/1"));
  EXPECT_THAT(news->districts, ElementsAre("districts/a"));
  EXPECT_EQ(news->time, kTime);
}

TEST(PollingEventTest, AnEventOlderThanADayIsNoNews) {
  const PollingEvent event = MakeEvent(PollingEventType::kPollClosed);
  EXPECT_TRUE(NewsOf(event, kTime + absl::Hours(24)).has_value());
  EXPECT_FALSE(NewsOf(event, kTime + absl::Hours(24) + absl::Seconds(1)).has_value());
}

TEST(PollingEventTest, WhatChangesFollowers) {
  using enum PollingEventType;
  EXPECT_EQ(FollowChangeOf(MakeEvent(kInitiativeSupported, {"residents/1"})),
            FollowChange::kSupport);
  EXPECT_EQ(FollowChangeOf(MakeEvent(kInitiativeUnsupported, {"residents/1"})),
            FollowChange::kUnsupport);
  EXPECT_EQ(FollowChangeOf(MakeEvent(kInitiativeSupported)), FollowChange::kNone);
  EXPECT_EQ(FollowChangeOf(MakeEvent(kInitiativeAccepted, {"residents/1"})), FollowChange::kNone);
  PollingEvent merge = MakeEvent(kInitiativeMerged, {"residents/1"});
  EXPECT_EQ(FollowChangeOf(merge), FollowChange::kNone);
  merge.merged_into = "initiatives/2";
  EXPECT_EQ(FollowChangeOf(merge), FollowChange::kCopyFollowers);
}

TEST(PollingEventTest, ATitleFallsBackToAnotherLanguage) {
  EXPECT_EQ(TitleIn({{"en", "a"}, {"ru", "б"}}, "en"), "a");
  EXPECT_EQ(TitleIn({{"en", "a"}, {"ru", "б"}}, "tt"), "б");
  EXPECT_EQ(TitleIn({{"en", "a"}, {"uk", "в"}}, "tt"), "a");
  EXPECT_EQ(TitleIn({{"", "г"}}, "tt"), "г");
  EXPECT_EQ(TitleIn({}, "tt"), "");
}

TEST(PollingEventTest, TitlesSpeakEachLanguage) {
  const Texts texts = *Texts::Parse({CommonTexts(), TextFiles()});
  const auto title = [&](absl::string_view language) {
    return texts.Get(TitleOf(PollingEventType::kPollOpened, "X"), language);
  };
  EXPECT_EQ(title("ru"), "Открыто голосование «X»");
  EXPECT_EQ(title("tt"), "«X» тавыш бирүе ачылды");
  EXPECT_EQ(title("uk"), "Відкрито голосування «X»");
  EXPECT_EQ(title("en"), "The poll “X” is open");
  EXPECT_EQ(texts.Get(TitleOf(PollingEventType::kUnknown, "X"), "ru"), "X");
  for (int type = 1; type < 50; ++type) {
    const Text text = TitleOf(static_cast<PollingEventType>(type), "X");
    EXPECT_TRUE(text.id == "X" || texts.Has(text.id)) << text.id;
  }
}

}  // namespace
}  // namespace veche::notifications
