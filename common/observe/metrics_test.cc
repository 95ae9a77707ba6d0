#include "common/observe/metrics.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace veche::observe {
namespace {

using ::testing::HasSubstr;

TEST(CallMetricsTest, CountsByMethodAndCode) {
  prometheus::Registry registry;
  CallMetrics metrics(registry, "appeals", "GetAppeal");
  for (int i = 0; i < 3; ++i) metrics.Started();
  metrics.Finished(absl::StatusCode::kOk, absl::Milliseconds(2));
  metrics.FinishedUntimed(absl::StatusCode::kNotFound);

  const std::string text = RenderMetrics(registry);
  EXPECT_THAT(
      text,
      HasSubstr(R"(veche_rpc_calls_total{code="OK",method="GetAppeal",service="appeals"} 1)"));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"(veche_rpc_calls_total{code="NOT_FOUND",method="GetAppeal",service="appeals"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(veche_rpc_in_flight{method="GetAppeal",service="appeals"} 1)"));
  EXPECT_THAT(text,
              HasSubstr(R"(veche_rpc_seconds_count{method="GetAppeal",service="appeals"} 1)"));
}

TEST(CallMetricsTest, TwoOfTheSameNameShareTheirNumbers) {
  prometheus::Registry registry;
  CallMetrics one(registry, "appeals", "GetAppeal");
  CallMetrics other(registry, "appeals", "GetAppeal");
  for (CallMetrics* metrics : {&one, &other}) {
    metrics->Started();
    metrics->FinishedUntimed(absl::StatusCode::kOk);
  }
  EXPECT_THAT(
      RenderMetrics(registry),
      HasSubstr(R"(veche_rpc_calls_total{code="OK",method="GetAppeal",service="appeals"} 2)"));
}

TEST(CallMetricsTest, AnUnknownCodeCountsAsUnknown) {
  prometheus::Registry registry;
  CallMetrics metrics(registry, "s", "m");
  metrics.FinishedUntimed(static_cast<absl::StatusCode>(99));
  EXPECT_THAT(RenderMetrics(registry), HasSubstr(R"(code="UNKNOWN")"));
}

}  // namespace
}  // namespace veche::observe
