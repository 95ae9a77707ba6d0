#pragma once

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/sql/database.h"
#include "services/directory/domain/city.h"

namespace veche::directory {

// Keeps the city. Thread-safe. Errors are those of the database.
class Store {
 public:
  virtual ~Store() = default;

  // Grows with each import; zero before the first.
  virtual absl::StatusOr<int64_t> Version() = 0;

  // The whole city as of one instant, each list by id.
  virtual absl::StatusOr<City> Load() = 0;

  // Adds what is new and replaces what is known, by id; what `update` does not have stays. All of
  // it or, on an error, nothing. `finish` runs last, in the same transaction. FailedPrecondition
  // when a category's department is unknown. REQUIRES: CheckUpdate has nothing against it.
  virtual absl::Status Import(const City& update,
                              absl::FunctionRef<absl::Status(sql::Transaction&)> finish) = 0;
};

}  // namespace veche::directory
