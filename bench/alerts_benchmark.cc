// Time to select the recipients of an alert among 1,000,000 subscribers, and the memory of the
// index.

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/notifications/index/subscription_index.h"

namespace veche::notifications {
namespace {

// Processor time of this thread, so that other programs do not count.
double Microseconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

constexpr uint32_t kSubscribers = 1'000'000;
constexpr int kTopics = 16;
constexpr int kDistricts = 100;

// Half of the subscribers follow every topic in their home district; the others have chosen up to
// ten topics and up to three districts, and some have muted a topic.
SubscriptionIndex MakeIndex() {
  std::mt19937 random(3);
  SubscriptionIndex index;
  for (uint32_t number = 1; number <= kSubscribers; ++number) {
    Interest interest;
    interest.districts = {absl::StrCat("districts/", random() % kDistricts)};
    if (number % 2 == 0) {
      for (int i = random() % 10; i >= 0; --i) {
        interest.topics.push_back(absl::StrCat("topics/", random() % kTopics));
      }
      for (int i = random() % 3; i > 0; --i) {
        interest.districts.push_back(absl::StrCat("districts/", random() % kDistricts));
      }
    }
    if (number % 10 == 0) interest.muted = {absl::StrCat("topics/", random() % kTopics)};
    index.Set(number, interest, number % 3 == 0 ? kInApp : kInApp | kWebPush);
  }
  return index;
}

void Measure(const SubscriptionIndex& index, const std::string& what,
             const std::vector<std::string>& districts, const std::string& bar) {
  std::vector<double> times;
  size_t matches = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string topic = absl::StrCat("topics/", i % kTopics);
    const double begin = Microseconds();
    const size_t found = index.Find({.topic = topic, .districts = districts}).size();
    const double took = Microseconds() - begin;
    times.push_back(took * 10'000 / static_cast<double>(found));
    matches = found;
  }
  std::sort(times.begin(), times.end());
  std::printf("%-58s %.1f us  %s  p99 %.1f us, %zu matches\n",
              absl::StrCat("recipients of ", what, ", for 10,000 matches").c_str(),
              times[times.size() / 2], bar.c_str(), times[times.size() * 99 / 100], matches);
}

}  // namespace
}  // namespace veche::notifications

int main() {
  using namespace veche::notifications;  // NOLINT: a program of its own
  const SubscriptionIndex index = MakeIndex();
  std::printf("%-58s %.1f B  (bar <= 64 B)\n", "memory of the index for a subscriber",
              static_cast<double>(index.MemoryBytes()) / kSubscribers);
  Measure(index, "one topic in one district", {"districts/7"}, "(bar <= 50 us)");
  Measure(index, "one topic in three districts", {"districts/7", "districts/50", "districts/99"},
          "");
  Measure(index, "one topic in the whole city", {}, "(bar <= 50 us)");
  return 0;
}
