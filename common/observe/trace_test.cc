#include "common/observe/trace.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace veche::observe {
namespace {

using ::testing::MatchesRegex;

constexpr char kHeader[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";

TEST(TraceTest, ContinuesATraceWithAHopOfItsOwn) {
  TraceContext trace = TraceContext::Continue(kHeader);
  EXPECT_EQ(trace.trace_id, kTraceId);
  EXPECT_NE(trace.parent_id, "00f067aa0ba902b7");
  EXPECT_THAT(trace.ToTraceparent(),
              MatchesRegex("00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01"));
}

TEST(TraceTest, KeepsTheDecisionNotToSample) {
  TraceContext trace =
      TraceContext::Continue("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
  EXPECT_FALSE(trace.sampled);
  EXPECT_THAT(trace.ToTraceparent(), MatchesRegex(".*-00"));
}

TEST(TraceTest, StartsATraceWithoutAHeader) {
  TraceContext trace = TraceContext::Continue("");
  EXPECT_TRUE(trace.sampled);
  EXPECT_THAT(trace.ToTraceparent(), MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
}

TEST(TraceTest, StartsATraceWhenTheHeaderIsMalformed) {
  for (const char* header : {"garbage", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                             "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                             "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                             "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                             "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01"}) {
    EXPECT_NE(TraceContext::Continue(header).trace_id, kTraceId) << header;
  }
}

TEST(TraceTest, TakesAHeaderOfALaterVersion) {
  EXPECT_EQ(TraceContext::Continue("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")
                .trace_id,
            kTraceId);
}

TEST(TraceTest, IdsDiffer) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(TraceContext::Continue("").trace_id);
  EXPECT_EQ(ids.size(), 1000u);
}

}  // namespace
}  // namespace veche::observe
