#include "common/base/worker.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <vector>

#include "absl/synchronization/notification.h"

namespace veche {
namespace {

constexpr absl::Duration kForever = absl::InfiniteDuration();
constexpr absl::Duration kAtOnce = absl::ZeroDuration();

// Counts steps. A test that waits in vain fails instead of hanging.
class Counter {
 public:
  int Add() {
    absl::MutexLock lock(&mutex_);
    return ++count_;
  }
  int Get() const {
    absl::MutexLock lock(&mutex_);
    return count_;
  }
  bool WaitFor(int count) {
    absl::MutexLock lock(&mutex_);
    const auto reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return count_ >= count; };
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Minutes(1));
  }

 private:
  mutable absl::Mutex mutex_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST(WorkerTest, RunsAStepAtTheStartOnAThreadWithItsName) {
  Counter steps;
  char name[32] = {};
  Worker worker({.name = "a name that is too long"}, [&] {
    pthread_getname_np(pthread_self(), name, sizeof(name));
    steps.Add();
    return kForever;
  });
  worker.Start();
  EXPECT_TRUE(steps.WaitFor(1));
  worker.Stop();
  EXPECT_STREQ(name, "a name that is ");
}

TEST(WorkerTest, RunsAgainWhenThePauseIsOver) {
  Counter steps;
  Worker worker({}, [&] {
    steps.Add();
    return absl::Milliseconds(1);
  });
  worker.Start();
  EXPECT_TRUE(steps.WaitFor(3));
}

TEST(WorkerTest, TakesAFirstPause) {
  Counter steps;
  std::atomic<bool> woken = false;
  std::atomic<bool> early = false;
  Worker worker({}, [&] {
    if (!woken) early = true;
    steps.Add();
    return kForever;
  });
  worker.Start(kForever);
  woken = true;
  worker.Wake();
  EXPECT_TRUE(steps.WaitFor(1));
  EXPECT_FALSE(early);
}

TEST(WorkerTest, RemembersAWakeBeforeTheStart) {
  Counter steps;
  Worker worker({}, [&] {
    steps.Add();
    return kForever;
  });
  worker.Wake();
  worker.Start(kForever);
  EXPECT_TRUE(steps.WaitFor(1));
}

TEST(WorkerTest, RunsAgainAtOnceWhenWokenDuringAStep) {
  Counter steps;
  absl::Notification running, go_on;
  Worker worker({}, [&] {
    if (steps.Add() == 1) {
      running.Notify();
      go_on.WaitForNotification();
    }
    return kForever;
  });
  worker.Start();
  running.WaitForNotification();
  worker.Wake();
  EXPECT_EQ(steps.Get(), 1);
  go_on.Notify();
  EXPECT_TRUE(steps.WaitFor(2));
}

// Each round makes a request, calls Wake and waits for a step that has seen the request: a lost
// Wake would leave the round waiting.
TEST(WorkerTest, LosesNoWake) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 500;
  absl::Mutex mutex;
  int asked = 0;
  int seen = 0;
  Worker worker({}, [&] {
    absl::MutexLock lock(&mutex);
    seen = asked;
    return kForever;
  });
  worker.Start();
  std::atomic<int> lost = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds && lost == 0; ++round) {
        int mine = 0;
        {
          absl::MutexLock lock(&mutex);
          mine = ++asked;
        }
        worker.Wake();
        absl::MutexLock lock(&mutex);
        const auto was_seen = [&] { return seen >= mine; };
        if (!mutex.AwaitWithTimeout(absl::Condition(&was_seen), absl::Minutes(1))) ++lost;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lost, 0);
}

TEST(WorkerTest, StopWaitsForTheStepThatRuns) {
  absl::Notification running, stopping_seen;
  std::atomic<bool> finished = false;
  std::optional<Worker> worker;
  worker.emplace(WorkerOptions{}, [&] {
    running.Notify();
    while (!worker->stopping()) std::this_thread::yield();
    stopping_seen.Notify();
    finished = true;
    return kAtOnce;
  });
  worker->Start();
  running.WaitForNotification();
  EXPECT_FALSE(worker->stopping());
  worker->RequestStop();
  stopping_seen.WaitForNotification();
  worker->Stop();
  EXPECT_TRUE(finished);
}

TEST(WorkerTest, NoStepBeginsAfterStop) {
  Counter steps;
  Worker worker({}, [&] {
    steps.Add();
    return kAtOnce;
  });
  worker.Start();
  ASSERT_TRUE(steps.WaitFor(1));
  worker.Stop();
  const int before = steps.Get();
  worker.Wake();
  worker.Start();  // has no effect after Stop
  worker.Stop();
  EXPECT_EQ(steps.Get(), before);
}

TEST(WorkerTest, StopBeforeStartKeepsItFromStarting) {
  Counter steps;
  Worker worker({}, [&] {
    steps.Add();
    return kAtOnce;
  });
  worker.Stop();
  worker.Start();
  worker.Wake();
  worker.Stop();
  EXPECT_EQ(steps.Get(), 0);
}

TEST(WorkerTest, TheStepMayStopItsWorker) {
  Counter steps;
  std::optional<Worker> worker;
  worker.emplace(WorkerOptions{}, [&] {
    worker->Stop();
    steps.Add();
    return kAtOnce;
  });
  worker->Start();
  EXPECT_TRUE(steps.WaitFor(1));
  worker->Stop();
  EXPECT_EQ(steps.Get(), 1);
}

TEST(WorkerTest, ReportsExceptionsAndGoesOn) {
  Counter steps;
  std::vector<std::string> reported;
  Worker worker(
      {.on_exception = [&](absl::string_view what) { reported.push_back(std::string(what)); },
       .pause_after_exception = kAtOnce},
      [&] {
        const int step = steps.Add();
        if (step == 1) throw std::runtime_error("no luck");
        if (step == 2) throw 7;
        return kForever;
      });
  worker.Start();
  EXPECT_TRUE(steps.WaitFor(3));
  worker.Stop();
  EXPECT_EQ(reported, (std::vector<std::string>{"no luck", "an exception of unknown type"}));
}

TEST(WorkerTest, AWakeEndsThePauseAfterAnException) {
  Counter steps;
  Worker worker({.pause_after_exception = kForever}, [&] {
    if (steps.Add() == 1) throw std::runtime_error("no luck");
    return kForever;
  });
  worker.Start();
  ASSERT_TRUE(steps.WaitFor(1));
  worker.Wake();
  EXPECT_TRUE(steps.WaitFor(2));
}

TEST(WorkerTest, StartsWakesAndStopsFromManyThreadsAtOnce) {
  for (int round = 0; round < 100; ++round) {
    Counter steps;
    std::atomic<int> stopped = 0;
    std::atomic<bool> late = false;
    {
      Worker worker({}, [&] {
        if (stopped > 0) late = true;
        steps.Add();
        return kForever;
      });
      std::vector<std::thread> threads;
      for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&] { worker.Start(); });
        threads.emplace_back([&] { worker.Wake(); });
        threads.emplace_back([&] {
          worker.Stop();
          ++stopped;
        });
      }
      for (std::thread& thread : threads) thread.join();
    }
    EXPECT_FALSE(late);
  }
}

}  // namespace
}  // namespace veche
