#include "common/cache/single_flight.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace veche::cache {
namespace {

TEST(SingleFlightTest, OneComputesWhileOthersWait) {
  SingleFlight<int> flights;
  absl::Notification computing;
  absl::Notification go;
  std::atomic<int> computed = 0;
  std::thread first([&] {
    EXPECT_EQ(flights.Do("key",
                         [&] {
                           computing.Notify();
                           go.WaitForNotification();
                           return ++computed;
                         }),
              1);
  });
  computing.WaitForNotification();
  std::vector<std::thread> others;
  for (int i = 0; i < 8; ++i) {
    // Late callers compute again; no caller may see a value that was never computed.
    others.emplace_back([&] { EXPECT_GE(flights.Do("key", [&] { return ++computed; }), 1); });
  }
  EXPECT_EQ(flights.Do("another key", [] { return 7; }), 7) << "does not wait for the first";
  EXPECT_EQ(computed, 0);
  go.Notify();
  first.join();
  for (std::thread& other : others) other.join();
}

TEST(SingleFlightTest, ComputesAgainAfterwards) {
  SingleFlight<int> flights;
  EXPECT_EQ(flights.Do("key", [] { return 1; }), 1);
  EXPECT_EQ(flights.Do("key", [] { return 2; }), 2);
}

}  // namespace
}  // namespace veche::cache
