#include "common/base/published.h"

#include <gtest/gtest.h>

#include <vector>

namespace veche {
namespace {

// Counts its destruction.
struct Pair {
  Pair(int n, std::atomic<int>& alive) : left(n), right(n), alive(alive) { ++alive; }
  ~Pair() {
    left = -1;
    right = -2;
    --alive;
  }
  int left, right;
  std::atomic<int>& alive;
};

TEST(PublishedTest, ReadersSeeWholeValuesWhileTheyAreReplaced) {
  std::atomic<int> alive = 0;
  {
    Published<Pair> published(std::make_shared<const Pair>(0, alive));
    std::atomic<bool> stop = false;
    std::atomic<int> wrong = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i) {
      readers.emplace_back([&] {
        int last = 0;
        while (!stop) {
          const auto pair = published.Read();
          if (pair->left != pair->right || pair->left < last) ++wrong;
          last = pair->left;
        }
      });
    }
    for (int n = 1; n <= 2'000; ++n) {
      published.Publish(std::make_shared<const Pair>(n, alive));
      EXPECT_EQ(alive, 1) << "the value before is let go";
    }
    stop = true;
    for (std::thread& reader : readers) reader.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(published.Read()->left, 2'000);
  }
  EXPECT_EQ(alive, 0);
}

TEST(PublishedTest, WhatIsSharedOutlivesItsReplacement) {
  std::atomic<int> alive = 0;
  Published<Pair> published(std::make_shared<const Pair>(1, alive));
  const std::shared_ptr<const Pair> kept = published.Share();
  published.Publish(std::make_shared<const Pair>(2, alive));
  EXPECT_EQ(kept->left, 1);
  EXPECT_EQ(alive, 2);
}

}  // namespace
}  // namespace veche
