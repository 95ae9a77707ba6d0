#include "services/identity/delivery/gate.h"

#include <gtest/gtest.h>

namespace veche::identity {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1780000000);

TEST(GateTest, LetsSoManyPassASecond) {
  Gate gate(/*rate=*/10);
  absl::Time now = kStart;
  int passed = 0;
  while (now < kStart + absl::Seconds(10)) {
    const absl::Duration wait = gate.Enter(now);
    if (wait == absl::ZeroDuration()) {
      ++passed;
      gate.Report(true, now);
    }
    now += wait;
  }
  EXPECT_GE(passed, 100);
  EXPECT_LE(passed, 111);  // the first second has the whole bucket besides
}

TEST(GateTest, WhatIsUrgentGoesFirstAndCounts) {
  Gate gate(/*rate=*/1);
  for (int i = 0; i < 5; ++i) gate.EnterUrgent(kStart);
  EXPECT_GE(gate.Enter(kStart), absl::Seconds(4));
  EXPECT_EQ(gate.Enter(kStart + absl::Seconds(6)), absl::ZeroDuration());
}

TEST(GateTest, ClosesAfterFailuresAndTriesWithOne) {
  Gate gate(/*rate=*/0);
  absl::Time now = kStart;
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(gate.Enter(now), absl::ZeroDuration());
    gate.Report(false, now);
  }
  const absl::Duration pause = gate.Enter(now);
  ASSERT_GT(pause, absl::Seconds(1));
  now += pause;
  EXPECT_EQ(gate.Enter(now), absl::ZeroDuration());
  EXPECT_GT(gate.Enter(now), absl::ZeroDuration()) << "a second one must wait for the first";
  gate.Report(false, now);
  EXPECT_GT(gate.Enter(now), pause) << "the pause grows";
  now += absl::Minutes(10);
  EXPECT_EQ(gate.Enter(now), absl::ZeroDuration());
  gate.Leave();  // nothing to send: the next one may try
  EXPECT_EQ(gate.Enter(now), absl::ZeroDuration());
  gate.Report(true, now);
  EXPECT_EQ(gate.Enter(now), absl::ZeroDuration());
  EXPECT_EQ(gate.Enter(now), absl::ZeroDuration());
}

TEST(GateTest, ScatteredFailuresDoNotCloseIt) {
  Gate gate(/*rate=*/0);
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(gate.Enter(kStart), absl::ZeroDuration());
    gate.Report(i % 3 == 0, kStart);
  }
}

}  // namespace
}  // namespace veche::identity
