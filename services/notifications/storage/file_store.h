#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/sql/database.h"
#include "services/notifications/domain/alert.h"

namespace veche::notifications {

// A file of alerts. Its name is the hash of its bytes, so it never changes.
struct StoredFile {
  std::string hash;          // SHA-256 of the bytes in lower-case hexadecimal
  std::string content_type;  // "image/jpeg", "application/pdf"
  std::string bytes;
};

// The table of files. Every method runs in the caller's transaction and may return the errors of
// sql::Transaction. Thread-safe.
class FileStore {
 public:
  // Does nothing when the file is there.
  absl::Status Add(sql::Transaction& transaction, const StoredFile& file);
  // What is known of a file without its bytes: hash, type and size.
  absl::StatusOr<std::optional<AlertFile>> Find(sql::Transaction& transaction,
                                                absl::string_view hash);
  absl::StatusOr<std::optional<StoredFile>> Get(sql::Transaction& transaction,
                                                absl::string_view hash);
};

}  // namespace veche::notifications
