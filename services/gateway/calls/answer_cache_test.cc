#include "services/gateway/calls/answer_cache.h"

#include <gmock/gmock.h>

#include "common/base/error.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"

namespace veche::gateway {
namespace {

using ::testing::ElementsAre;

constexpr absl::Duration kLife = absl::Seconds(1);

class AnswerCacheTest : public ::testing::Test {
 protected:
  AnswerCache::Packed Answer(absl::string_view json) {
    return CachedAnswer::Pack("\"e\"", "application/json", json, "");
  }
  std::shared_ptr<AnswerCache::Flight> Join() {
    return cache_.Join("k", kLife, [this](const absl::StatusOr<CachedAnswer>& answer, const auto&) {
      answers_.push_back(answer.ok() ? std::string(answer->body)
                                     : absl::StatusCodeToString(answer.status().code()));
    });
  }
  // What is kept: a body, a code, or "".
  std::string Kept() {
    const AnswerCache::Packed packed = cache_.Get("k", kLife);
    if (!packed) return "";
    const absl::StatusOr<CachedAnswer> answer = CachedAnswer::Unpack(*packed);
    return answer.ok() ? std::string(answer->body)
                       : absl::StatusCodeToString(answer.status().code());
  }
  veche::testing::FakeClock clock_;
  std::unique_ptr<cache::Cache> store_ = cache::MakeLocalCache(1 << 20, clock_);
  AnswerCache cache_{*store_, clock_};
  std::vector<std::string> answers_;
};

TEST_F(AnswerCacheTest, PacksAndUnpacks) {
  const auto packed = CachedAnswer::Pack("\"e\"", "text/xml", "{}", "zip");
  const absl::StatusOr<CachedAnswer> answer = CachedAnswer::Unpack(*packed);
  ASSERT_OK(answer);
  EXPECT_EQ(answer->etag, "\"e\"");
  EXPECT_EQ(answer->content_type, "text/xml");
  EXPECT_EQ(answer->body, "{}");
  EXPECT_EQ(answer->gzip, "zip");
}

TEST_F(AnswerCacheTest, PacksErrorsThatSayThatThereIsNone) {
  const absl::Status none =
      MakeOperatorError(absl::StatusCode::kNotFound, "gadgets", "GADGET_NOT_FOUND", "No gadget.");
  const auto packed = CachedAnswer::PackError(none);
  ASSERT_NE(packed, nullptr);
  const absl::Status unpacked = CachedAnswer::Unpack(*packed).status();
  EXPECT_EQ(unpacked.code(), none.code());
  EXPECT_EQ(ErrorReason(unpacked), "GADGET_NOT_FOUND");
  EXPECT_EQ(CachedAnswer::PackError(absl::UnavailableError("")), nullptr);
}

TEST_F(AnswerCacheTest, UnpacksNothingElse) {
  const std::string packed = *CachedAnswer::Pack("\"e\"", "text/xml", "{}", "");
  for (size_t size = 0; size < packed.size(); ++size) {
    EXPECT_TRUE(absl::IsInternal(CachedAnswer::Unpack(packed.substr(0, size)).status())) << size;
  }
}

TEST_F(AnswerCacheTest, FetchesOnceForAll) {
  const auto flight = Join();
  ASSERT_NE(flight, nullptr);
  EXPECT_EQ(Join(), nullptr);
  EXPECT_EQ(Join(), nullptr);
  cache_.Land(flight, Answer("{}"));
  EXPECT_THAT(answers_, ElementsAre("{}", "{}", "{}"));
  EXPECT_EQ(Kept(), "{}");
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(Kept(), "");
}

TEST_F(AnswerCacheTest, OneFetchesAnewBeforeTheEndWhileTheOthersGetTheOldAnswer) {
  cache_.Land(Join(), Answer("old"));
  clock_.Advance(absl::Milliseconds(950));
  EXPECT_EQ(Kept(), "") << "this one fetches";
  const auto flight = Join();
  EXPECT_EQ(Kept(), "old");
  cache_.Land(flight, Answer("new"));
  EXPECT_EQ(Kept(), "new");
  EXPECT_THAT(answers_, ElementsAre("old", "new"));
}

TEST_F(AnswerCacheTest, TheOldAnswerIsGoodWhenTheServiceIsOverloadedBeforeItsEnd) {
  cache_.Land(Join(), Answer("old"));
  clock_.Advance(absl::Milliseconds(950));
  cache_.Land(Join(), absl::UnavailableError(""));
  clock_.Advance(absl::Milliseconds(100));
  cache_.Land(Join(), absl::UnavailableError(""));
  EXPECT_THAT(answers_, ElementsAre("old", "old", "UNAVAILABLE"));
}

TEST_F(AnswerCacheTest, DoesNotKeepWhatChangedWhileItWasFetched) {
  const auto old_flight = Join();
  cache_.Invalidate("k", kLife);
  const auto new_flight = Join();
  ASSERT_NE(new_flight, nullptr);
  cache_.Land(old_flight, Answer("old"));
  EXPECT_EQ(Kept(), "");
  cache_.Land(new_flight, Answer("new"));
  EXPECT_EQ(Kept(), "new");
  EXPECT_THAT(answers_, ElementsAre("old", "new"));
}

TEST_F(AnswerCacheTest, KeepsOfErrorsOnlyThatThereIsNothing) {
  cache_.Land(Join(), absl::UnavailableError(""));
  EXPECT_EQ(Kept(), "");
  cache_.Land(Join(), MakeOperatorError(absl::StatusCode::kNotFound, "gadgets", "NONE", "None."));
  EXPECT_EQ(Kept(), "NOT_FOUND");
}

}  // namespace
}  // namespace veche::gateway
