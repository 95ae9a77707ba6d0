#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/sql/database.h"

namespace veche::polling {

// A picture of an option.
struct Picture {
  std::string hash;          // SHA-256 of the bytes in lower-case hexadecimal
  std::string content_type;  // "image/jpeg"
  std::string bytes;
};

// The table of pictures. Every method runs in the caller's transaction and may return the errors of
// sql::Transaction. Thread-safe.
class PictureStore {
 public:
  // Does nothing when the picture is there.
  absl::Status Add(sql::Transaction& transaction, const Picture& picture);
  absl::StatusOr<bool> Has(sql::Transaction& transaction, absl::string_view hash);
  absl::StatusOr<std::optional<Picture>> Get(sql::Transaction& transaction, absl::string_view hash);
};

}  // namespace veche::polling
