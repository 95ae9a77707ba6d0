#include "common/crypto/secret.h"

#include <gtest/gtest.h>

namespace veche::crypto {
namespace {

TEST(SecretTest, MovesWithoutLeavingACopy) {
  for (size_t size : {4, 400}) {  // within the string object, and on the heap
    std::string bytes(size, 's');
    const char* inside = bytes.data();
    Secret first(std::move(bytes));
    Secret second(std::move(first));
    EXPECT_EQ(second.view(), std::string(size, 's'));
    EXPECT_EQ(first.view(), "");
    if (size == 4) {
      EXPECT_EQ(std::string(inside, size).find('s'), std::string::npos);
    }
  }
}

TEST(SecretTest, OverwritesItsBytesAtTheEnd) {
  alignas(Secret) unsigned char place[sizeof(Secret)];
  auto* secret = new (place) Secret(std::string("short"));
  const char* inside = secret->view().data();
  ASSERT_EQ(std::string(inside, 5), "short");
  secret->~Secret();
  EXPECT_EQ(std::string(inside, 5).find_first_of("short"), std::string::npos);
}

}  // namespace
}  // namespace veche::crypto
