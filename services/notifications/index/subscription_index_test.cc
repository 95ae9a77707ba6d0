#include "services/notifications/index/subscription_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"

namespace veche::notifications {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(NumberSetTest, BehavesLikeASetOfNumbersInBothForms) {
  std::mt19937 random(1);
  // One piece with many numbers becomes a bitmap; the others stay arrays.
  for (const uint32_t range : {60'000u, 500'000u}) {
    NumberSet set;
    std::set<uint32_t> expected;
    for (int i = 0; i < 30'000; ++i) {
      const uint32_t number = random() % range;
      if (random() % 4 == 0) {
        set.Remove(number);
        expected.erase(number);
      } else {
        set.Add(number);
        expected.insert(number);
      }
    }
    for (uint32_t number = 0; number < range; ++number) {
      ASSERT_EQ(set.Contains(number), expected.contains(number)) << number;
    }
    std::set<uint32_t> listed;
    for (size_t piece = 0; piece < set.pieces(); ++piece) {
      NumberSet::Bitmap bitmap{};
      set.AddTo(piece, bitmap);
      for (size_t i = 0; i < bitmap.size() * 64; ++i) {
        if ((bitmap[i / 64] >> (i % 64)) & 1) listed.insert((piece << NumberSet::kPieceBits) + i);
      }
    }
    EXPECT_EQ(listed, expected);
  }
}

TEST(SubscriptionIndexTest, FindsWhomAnAlertConcerns) {
  SubscriptionIndex index;
  index.Set(1, {.topics = {"t1"}, .districts = {"a"}}, kWebPush);
  index.Set(2, {.topics = {}, .districts = {"a", "b"}}, kInApp);
  index.Set(3, {.topics = {}, .muted = {"t1"}, .districts = {"a"}}, kEmail);
  index.Set(4, {.topics = {"t2"}, .districts = {}}, kWebhook | kInApp);
  index.Set(70'000, {.topics = {"t1", "t2"}, .districts = {"b"}}, kWebPush);
  const std::vector<std::string> a = {"a"}, both = {"a", "b"}, unknown = {"x"};
  EXPECT_THAT(index.Find({.topic = "t1", .districts = a}), ElementsAre(1, 2));
  EXPECT_THAT(index.Find({.topic = "t1", .districts = both}), ElementsAre(1, 2, 70'000));
  EXPECT_THAT(index.Find({.topic = "t1"}), ElementsAre(1, 2, 70'000));
  EXPECT_THAT(index.Find({.topic = "t2"}), ElementsAre(2, 3, 4, 70'000));
  EXPECT_THAT(index.Find({.topic = "new"}), ElementsAre(2, 3));
  EXPECT_THAT(index.Find({.topic = "t1", .districts = unknown}), IsEmpty());
  EXPECT_THAT(index.Find({.topic = "t1", .districts = both, .channels = kWebPush}),
              ElementsAre(1, 70'000));
  EXPECT_THAT(index.Find({.topic = "t1", .after = 1, .limit = 1}), ElementsAre(2));
}

TEST(SubscriptionIndexTest, AChangeReplacesAndARemovalEnds) {
  SubscriptionIndex index;
  const std::vector<std::string> a = {"a"}, b = {"b"};
  index.Set(1, {.topics = {"t1"}, .muted = {"t2"}, .districts = {"a"}}, kWebPush);
  index.Set(1, {.topics = {}, .districts = {"b"}}, kEmail);
  EXPECT_THAT(index.Find({.topic = "t1", .districts = a}), IsEmpty());
  EXPECT_THAT(index.Find({.topic = "t2", .districts = b}), ElementsAre(1));
  EXPECT_THAT(index.Find({.topic = "t2", .channels = kWebPush}), IsEmpty());
  index.Remove(1);
  EXPECT_THAT(index.Find({.topic = "t2"}), IsEmpty());
  index.Remove(1);
  index.Remove(999'999);
}

// Against a look at every subscriber, through many changes.
TEST(SubscriptionIndexTest, AgreesWithBruteForce) {
  std::mt19937 random(7);
  const auto some = [&](absl::string_view prefix, int kinds, int most) {
    std::set<std::string> names;
    for (int i = random() % (most + 1); i > 0; --i) {
      names.insert(absl::StrCat(prefix, random() % kinds));
    }
    return std::vector<std::string>(names.begin(), names.end());
  };
  SubscriptionIndex index;
  std::map<uint32_t, std::pair<Interest, Channels>> subscribers;
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < 100; ++i) {
      // Few pieces, one of them dense.
      const uint32_t number = 1 + (random() % 3 == 0 ? random() % 200'000 : random() % 6'000);
      if (random() % 5 == 0) {
        index.Remove(number);
        subscribers.erase(number);
        continue;
      }
      const Interest interest{
          .topics = some("t", 6, 4), .muted = some("t", 6, 2), .districts = some("d", 5, 3)};
      const Channels channels = random() % (kAllChannels + 1);
      index.Set(number, interest, channels);
      subscribers[number] = {interest, channels};
    }
    const std::string topic = absl::StrCat("t", random() % 7);
    const std::vector<std::string> districts = some("d", 6, 4);
    const Channels channels = random() % 2 == 0 ? kAllChannels : random() % (kAllChannels + 1);
    const uint32_t after = random() % 2 == 0 ? 0 : random() % 100'000;
    const size_t limit = random() % 2 == 0 ? 1'000'000 : random() % 500;
    std::vector<uint32_t> expected;
    for (const auto& [number, known] : subscribers) {
      if (number > after && expected.size() < limit && (known.second & channels) != 0 &&
          Concerns(known.first, topic, districts)) {
        expected.push_back(number);
      }
    }
    const SubscriptionIndex::Query query{.topic = topic,
                                         .districts = districts,
                                         .channels = channels,
                                         .after = after,
                                         .limit = limit};
    ASSERT_EQ(index.Find(query), expected) << "round " << round;
  }
}

}  // namespace
}  // namespace veche::notifications
