#include <gmock/gmock.h>
#include <gtest/gtest.h>

#ifdef __SANITIZE_THREAD__
namespace veche::testing {
extern int tsan_knows_abseil;  // tsan_abseil.cc
}
#endif

int main(int argc, char** argv) {
#ifdef __SANITIZE_THREAD__
  if (veche::testing::tsan_knows_abseil == 0) return 1;
#endif
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
