#include "common/cache/cache.h"

#include "absl/strings/str_cat.h"
#include "common/testing/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace veche::cache {
namespace {

using ::testing::IsNull;
using ::testing::Pointee;

std::shared_ptr<const std::string> Text(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

class CacheTest : public ::testing::Test {
 protected:
  veche::testing::FakeClock clock_;
  std::unique_ptr<Cache> cache_ = MakeLocalCache(1 << 20, clock_);
};

TEST_F(CacheTest, GivesBackWhatWasPut) {
  EXPECT_THAT(cache_->Get("a").value, IsNull());
  cache_->Put("a", Text("1"), absl::Minutes(1));
  EXPECT_THAT(cache_->Get("a").value, Pointee(std::string("1")));
}

TEST_F(CacheTest, TheLastPutWins) {
  cache_->Put("a", Text("1"), absl::Minutes(1));
  cache_->Put("a", Text("2"), absl::Minutes(1));
  EXPECT_THAT(cache_->Get("a").value, Pointee(std::string("2")));
}

TEST_F(CacheTest, ForgetsAfterItsTime) {
  cache_->Put("a", Text("1"), absl::Seconds(10));
  clock_.Advance(absl::Seconds(9));
  EXPECT_THAT(cache_->Get("a").value, Pointee(std::string("1")));
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(cache_->Get("a").value, IsNull());
}

TEST_F(CacheTest, RemovesAKey) {
  cache_->Put("a", Text("1"), absl::Minutes(1));
  cache_->Remove("a");
  cache_->Remove("never there");
  EXPECT_THAT(cache_->Get("a").value, IsNull());
}

TEST_F(CacheTest, AValueOutlivesItsRemoval) {
  cache_->Put("a", Text("1"), absl::Minutes(1));
  auto value = cache_->Get("a").value;
  cache_->Remove("a");
  EXPECT_THAT(value, Pointee(std::string("1")));
}

TEST_F(CacheTest, StaysWithinItsBytes) {
  constexpr int kEntries = 400;
  constexpr size_t kValueBytes = 8 << 10;  // 3.2 MB in all, three times what fits
  int held = 0;
  for (int i = 0; i < kEntries; ++i) {
    cache_->Put(absl::StrCat(i), Text(std::string(kValueBytes, 'x')), absl::Minutes(1));
  }
  for (int i = 0; i < kEntries; ++i) held += cache_->Get(absl::StrCat(i)).value != nullptr;
  EXPECT_GT(held, 0);
  EXPECT_LE(held * kValueBytes, size_t{1} << 20);
}

TEST_F(CacheTest, WhatIsUsedOutlivesWhatIsNot) {
  cache_->Put("used", Text("here"), absl::Minutes(1));
  for (int i = 0; i < 1000; ++i) {
    cache_->Put(absl::StrCat(i), Text(std::string(8 << 10, 'x')), absl::Minutes(1));
    ASSERT_THAT(cache_->Get("used").value, Pointee(std::string("here"))) << i;
  }
  EXPECT_THAT(cache_->Get("0").value, IsNull());
}

TEST_F(CacheTest, DoesNotKeepWhatIsTooLarge) {
  cache_->Put("a", Text("1"), absl::Minutes(1));
  cache_->Put("a", Text(std::string(1 << 20, 'x')), absl::Minutes(1));
  EXPECT_THAT(cache_->Get("a").value, IsNull()) << "the old value must not stay either";
}

}  // namespace
}  // namespace veche::cache
