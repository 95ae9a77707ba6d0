#include "common/observe/telemetry.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace veche::observe {
namespace {

using ::testing::HasSubstr;

const absl::Time kTime = absl::FromUnixMicros(1'790'000'000'000'042);

TEST(LogLineTest, IsAJsonObject) {
  EXPECT_EQ(
      FormatLogLine(kTime, Level::kWarning, "appeals", "queue full", {{"method", "GetAppeal"}}),
      R"({"time":"2026-09-21T14:13:20.000042Z","level":"warning","service":"appeals",)"
      R"("event":"queue full","method":"GetAppeal"})");
}

TEST(LogLineTest, EscapesWhatWouldBreakTheLine) {
  EXPECT_THAT(FormatLogLine(kTime, Level::kInfo, "s", "e", {{"a", "\"quoted\"\\\n\t\x01\x7f"}}),
              HasSubstr(R"("a":"\"quoted\"\\\n\u0009\u0001\u007f")"));
}

TEST(LogLineTest, KeepsTextsOfAllLanguages) {
  EXPECT_THAT(FormatLogLine(kTime, Level::kInfo, "s", "e", {{"a", "Казань – 🏙"}}),
              HasSubstr("\"a\":\"Казань – 🏙\""));
}

TEST(LogLineTest, ReplacesBytesThatAreNotUtf8) {
  EXPECT_THAT(
      FormatLogLine(kTime, Level::kInfo, "s", "e",
                    {{"a", "x\xff\xc0\x80\xed\xa0\x80\xd0"}, {"b", "\xf0\x9f\x8f"}}),
      HasSubstr(R"("a":"x\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd","b":"\ufffd\ufffd\ufffd")"));
}

TEST(LoggerTest, SaysNothingBelowItsLevel) {
  ::testing::internal::CaptureStderr();
  auto logger = MakeJsonLogger("appeals", Level::kWarning);
  logger->Info("quiet");
  logger->Error("loud", {{"a", "1"}});
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(said,
              ::testing::MatchesRegex(
                  "\\{\"time\":\"[^\"]*\",\"level\":\"error\",\"service\":\"appeals\",\"event\":"
                  "\"loud\",\"a\":\"1\"\\}\n"));
}

TEST(LoggerTest, NullTelemetryIsComplete) {
  Telemetry telemetry = NullTelemetry();
  telemetry.logger->Error("nobody hears");
  EXPECT_NE(telemetry.metrics, nullptr);
}

}  // namespace
}  // namespace veche::observe
