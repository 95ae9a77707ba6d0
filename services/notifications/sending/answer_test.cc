#include "services/notifications/sending/answer.h"

#include <gtest/gtest.h>

#include "services/notifications/domain/retry.h"
#include "services/notifications/sending/outcome.h"

namespace veche::notifications {
namespace {

using Kind = Verdict::Kind;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

Verdict JudgeStatus(int status, const std::string& retry_after = "") {
  http_client::Response response{.status = status};
  if (!retry_after.empty()) response.headers.emplace_back("retry-after", retry_after);
  return Judge(response, kNow);
}

TEST(AnswerTest, JudgesEveryStatus) {
  for (const int status : {200, 201, 202, 204}) EXPECT_EQ(JudgeStatus(status).kind, Kind::kSent);
  for (const int status : {404, 410}) EXPECT_EQ(JudgeStatus(status).kind, Kind::kGone);
  for (const int status : {301, 307, 400, 401, 403, 413}) {
    EXPECT_EQ(JudgeStatus(status).kind, Kind::kRefused);
    EXPECT_TRUE(JudgeStatus(status).provider_well);
  }
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    EXPECT_EQ(JudgeStatus(status).kind, Kind::kRetry);
  }
  EXPECT_EQ(JudgeStatus(413).error, "HTTP_413");
  EXPECT_TRUE(JudgeStatus(429).provider_well);
  EXPECT_FALSE(JudgeStatus(500).provider_well);
}

TEST(AnswerTest, ReadsRetryAfter) {
  EXPECT_EQ(JudgeStatus(429, "120").retry_after, absl::Seconds(120));
  EXPECT_EQ(JudgeStatus(503, absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", kNow + absl::Seconds(30),
                                              absl::UTCTimeZone()))
                .retry_after,
            absl::Seconds(30));
  EXPECT_EQ(JudgeStatus(429, "99999999").retry_after, absl::Hours(1));
  for (const char* text : {"-5", "soon", "Thu, 01 Jan 1970 00:00:00 GMT"}) {
    EXPECT_EQ(JudgeStatus(429, text).retry_after, absl::ZeroDuration()) << text;
  }
}

TEST(AnswerTest, JudgesFailures) {
  EXPECT_EQ(Judge(absl::DeadlineExceededError(""), kNow).kind, Kind::kRetry);
  EXPECT_FALSE(Judge(absl::DeadlineExceededError(""), kNow).provider_well);
  EXPECT_EQ(Judge(absl::UnavailableError(""), kNow).error, "NO_CONNECTION");
  EXPECT_EQ(Judge(absl::PermissionDeniedError(""), kNow).kind, Kind::kRefused);
  EXPECT_EQ(Judge(absl::InvalidArgumentError(""), kNow).kind, Kind::kRefused);
  EXPECT_EQ(Judge(absl::ResourceExhaustedError(""), kNow).kind, Kind::kRetry);
  EXPECT_TRUE(Judge(absl::CancelledError(""), kNow).provider_well);
}

TEST(OutcomeTest, DecidesTheNextState) {
  Job job;
  job.deliveries = {Delivery{}, Delivery{}};
  job.deliveries[0].attempt = 2;
  const auto state = [&](const Verdict& verdict) {
    const std::vector<Outcome> outcomes = OutcomesOf(job, verdict, kNow, 1);
    EXPECT_EQ(outcomes.size(), 2);
    return outcomes[0].state;
  };
  EXPECT_EQ(state({}), DeliveryState::kSent);
  EXPECT_EQ(state({.kind = Kind::kGone}), DeliveryState::kFailed);
  EXPECT_EQ(state({.kind = Kind::kRefused}), DeliveryState::kDead);
  EXPECT_EQ(state({.kind = Kind::kRetry}), DeliveryState::kQueued);
  EXPECT_EQ(OutcomesOf(job, {.kind = Kind::kRetry}, kNow, 1)[0].due_time, kNow + absl::Seconds(20));
  // Not before the provider wants it.
  EXPECT_EQ(OutcomesOf(job, {.kind = Kind::kRetry, .retry_after = absl::Seconds(60)}, kNow, 0)[0]
                .due_time,
            kNow + absl::Seconds(60));
  job.deliveries[0].attempt = kMostAttempts;
  EXPECT_EQ(state({.kind = Kind::kRetry}), DeliveryState::kDead);
}

TEST(RetryTest, GrowsAndSpreads) {
  EXPECT_EQ(RetryPause(1, 1), absl::Seconds(5));
  EXPECT_EQ(RetryPause(1, 0), absl::Seconds(2.5));
  EXPECT_EQ(RetryPause(2, 1), absl::Seconds(20));
  EXPECT_EQ(RetryPause(4, 1), absl::Seconds(320));
  for (const int attempt : {6, 12, 1000}) EXPECT_EQ(RetryPause(attempt, 1), absl::Hours(1));
  absl::Duration all;
  for (int attempt = 1; attempt < kMostAttempts; ++attempt) all += RetryPause(attempt, 1);
  EXPECT_GT(all, absl::Hours(6));
}

}  // namespace
}  // namespace veche::notifications
