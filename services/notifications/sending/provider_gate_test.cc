#include "services/notifications/sending/provider_gate.h"

#include <gtest/gtest.h>

namespace veche::notifications {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

TEST(ProviderGateTest, BoundsRequestsAtOnce) {
  ProviderGate gate({.concurrency = 2, .rate = 1000});
  gate.Begin(kNow);
  EXPECT_EQ(gate.ReadyAt(kNow), kNow);
  gate.Begin(kNow);
  EXPECT_EQ(gate.ReadyAt(kNow), absl::InfiniteFuture());
  gate.End(kNow, true);
  EXPECT_EQ(gate.ReadyAt(kNow), kNow);
}

TEST(ProviderGateTest, BoundsTheRate) {
  ProviderGate gate({.concurrency = 100, .rate = 10});
  int begun = 0;
  for (absl::Time now = kNow; now < kNow + absl::Seconds(10); now += absl::Milliseconds(1)) {
    while (gate.ReadyAt(now) <= now) {
      gate.Begin(now);
      gate.End(now, true);
      ++begun;
    }
  }
  EXPECT_GE(begun, 100);
  EXPECT_LE(begun, 102);
}

TEST(ProviderGateTest, OpensAfterFailuresInARow) {
  ProviderGate gate({.concurrency = 10, .rate = 1000});
  const auto fail = [&](absl::Time now) {
    gate.Begin(now);
    gate.End(now, false);
  };
  for (int i = 0; i < 4; ++i) fail(kNow);
  gate.Begin(kNow);
  gate.End(kNow, true);
  for (int i = 0; i < 4; ++i) fail(kNow);
  EXPECT_EQ(gate.OpenUntil(kNow), absl::InfinitePast());
  fail(kNow);
  const absl::Time until = gate.OpenUntil(kNow);
  EXPECT_EQ(until, kNow + absl::Seconds(10));
  EXPECT_EQ(gate.ReadyAt(kNow), until);

  // One request tries whether the provider is well again.
  gate.Begin(until);
  EXPECT_EQ(gate.ReadyAt(until), absl::InfiniteFuture());
  gate.End(until, false);
  EXPECT_EQ(gate.OpenUntil(until), until + absl::Seconds(20));
  const absl::Time later = until + absl::Seconds(20);
  gate.Begin(later);
  gate.End(later, true);
  gate.Begin(later + absl::Seconds(1));
  EXPECT_LE(gate.ReadyAt(later + absl::Seconds(1)), later + absl::Seconds(1));
}

TEST(ProviderGateTest, LateFailuresDoNotProlongThePause) {
  ProviderGate gate({.concurrency = 20, .rate = 1000});
  for (int i = 0; i < 20; ++i) gate.Begin(kNow);
  for (int i = 0; i < 20; ++i) gate.End(kNow + absl::Seconds(1), false);
  EXPECT_EQ(gate.OpenUntil(kNow + absl::Seconds(1)), kNow + absl::Seconds(11));
}

TEST(ProviderGateTest, PausesStayBounded) {
  ProviderGate gate({});
  absl::Time now = kNow;
  for (int i = 0; i < 30; ++i) {
    now = std::max(now, gate.ReadyAt(now));
    gate.Begin(now);
    gate.End(now, false);
  }
  EXPECT_EQ(gate.OpenUntil(now), now + absl::Minutes(5));
}

TEST(ProviderGateTest, RestsWhenTold) {
  ProviderGate gate({});
  gate.Rest(kNow + absl::Seconds(7));
  EXPECT_EQ(gate.ReadyAt(kNow), kNow + absl::Seconds(7));
  EXPECT_EQ(gate.OpenUntil(kNow), kNow + absl::Seconds(7));
  EXPECT_EQ(gate.OpenUntil(kNow + absl::Seconds(7)), absl::InfinitePast());
}

}  // namespace
}  // namespace veche::notifications
