#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"

namespace veche::classification {

// A decision of staff about an appeal.
struct Correction {
  bool operator==(const Correction&) const = default;
  std::string appeal;    // "appeals/{id}"
  std::string category;  // "categories/{id}"
  std::string staff;     // "staff/{id}"
  absl::Time create_time;
};

// What is learned from people. Errors are those of sql::Transaction. Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  // The latest decision on an appeal replaces the one before.
  virtual absl::Status PutCorrection(sql::Transaction& transaction,
                                     const Correction& correction) = 0;
  // The decision on an appeal, if there is one.
  virtual absl::StatusOr<std::optional<Correction>> FindCorrection(sql::Transaction& transaction,
                                                                   absl::string_view appeal) = 0;
};

}  // namespace veche::classification
