#include <gmock/gmock.h>
#include <gtest/gtest.h>

#ifdef VECHE_TSAN
namespace veche::testing {
extern int tsan_knows_abseil;  // tsan_abseil.cc
}
#endif

int main(int argc, char** argv) {
#ifdef VECHE_TSAN
  if (veche::testing::tsan_knows_abseil == 0) return 1;
#endif
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
