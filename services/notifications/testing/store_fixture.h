#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "services/notifications/testing/fixture.h"

namespace veche::notifications::testing {

// What every engine must do: a base of contract tests with all parts on the engine's database.
class EngineTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << GetParam().name << " is not available";
    notifications_ = std::make_unique<Notifications>(std::move(database));
  }

  Notifications& n() { return *notifications_; }
  absl::Status Write(sql::TransactionBody body) { return n().database->Write(body); }
  // The result of `body` in a transaction.
  template <typename T, typename Body>
  T Get(Body body) {
    T value{};
    EXPECT_OK(n().database->Write([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(value, body(transaction));
      return absl::OkStatus();
    }));
    return value;
  }

 private:
  std::unique_ptr<Notifications> notifications_;
};

}  // namespace veche::notifications::testing
