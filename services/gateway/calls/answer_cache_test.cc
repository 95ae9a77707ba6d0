#include "services/gateway/calls/answer_cache.h"

#include <gtest/gtest.h>

#include "common/testing/fake_clock.h"

namespace veche::gateway {
namespace {

class AnswerCacheTest : public ::testing::Test {
 protected:
  AnswerCache::Packed Answer(absl::string_view json) {
    return CachedAnswer::Pack("\"e\"", "application/json", json, "");
  }
  AnswerCache::Waiter Count() {
    return [this](const absl::StatusOr<AnswerCache::Packed>& answer) { answered_ += answer.ok(); };
  }
  veche::testing::FakeClock clock_;
  std::unique_ptr<cache::Cache> store_ = cache::MakeLocalCache(1 << 20, clock_);
  AnswerCache cache_{*store_};
  int answered_ = 0;
};

TEST_F(AnswerCacheTest, PacksAndUnpacks) {
  const auto packed = CachedAnswer::Pack("\"e\"", "text/xml", "{}", "zip");
  const CachedAnswer answer = CachedAnswer::Unpack(*packed);
  EXPECT_EQ(answer.etag, "\"e\"");
  EXPECT_EQ(answer.content_type, "text/xml");
  EXPECT_EQ(answer.body, "{}");
  EXPECT_EQ(answer.gzip, "zip");
}

TEST_F(AnswerCacheTest, FetchesOnceForAll) {
  const auto flight = cache_.Join("k", Count());
  ASSERT_NE(flight, nullptr);
  EXPECT_EQ(cache_.Join("k", Count()), nullptr);
  EXPECT_EQ(cache_.Join("k", Count()), nullptr);
  cache_.Land(flight, Answer("{}"), absl::Seconds(1));
  EXPECT_EQ(answered_, 3);
  EXPECT_NE(cache_.Get("k"), nullptr);
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(cache_.Get("k"), nullptr);
}

TEST_F(AnswerCacheTest, DoesNotKeepWhatChangedWhileItWasFetched) {
  const auto old_flight = cache_.Join("k", Count());
  cache_.Invalidate("k");
  const auto new_flight = cache_.Join("k", Count());
  ASSERT_NE(new_flight, nullptr);
  cache_.Land(old_flight, Answer("old"), absl::Seconds(1));
  EXPECT_EQ(cache_.Get("k"), nullptr);
  cache_.Land(new_flight, Answer("new"), absl::Seconds(1));
  EXPECT_EQ(CachedAnswer::Unpack(*cache_.Get("k")).body, "new");
  EXPECT_EQ(answered_, 2);
}

TEST_F(AnswerCacheTest, DoesNotKeepErrors) {
  cache_.Land(cache_.Join("k", Count()), absl::NotFoundError(""), absl::Seconds(1));
  EXPECT_EQ(cache_.Get("k"), nullptr);
  EXPECT_NE(cache_.Join("k", Count()), nullptr);
}

}  // namespace
}  // namespace veche::gateway
