#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace veche::polling {

// A picture of a poll's option or of an initiative.
struct Picture {
  std::string hash;          // SHA-256 of the bytes in lower-case hexadecimal
  std::string content_type;  // "image/jpeg"
  std::string bytes;
};

// Which pictures a caller may read besides those of fixed polls and published initiatives.
struct PictureReader {
  bool drafts = false;       // those of all drafts of polls
  bool unpublished = false;  // those of all initiatives
  std::string author = {};   // those of this author's initiatives; "" for nobody
};

// The tables of pictures and of the polls and initiatives that use them. A picture that nothing
// uses stays for a while, so that its user may come in a later transaction. Every method runs in
// the caller's transaction and may return the errors of sql::Transaction. Stateless; thread-safe.
class PictureStore {
 public:
  // Stores a picture that a poll or an initiative is going to use.
  absl::Status Add(sql::Transaction& transaction, const Picture& picture);
  // The same for a picture that should be there; false when it is not.
  absl::StatusOr<bool> Keep(sql::Transaction& transaction, absl::string_view hash);
  // The picture, if there is one that the caller may read.
  absl::StatusOr<std::optional<Picture>> Get(sql::Transaction& transaction, absl::string_view hash,
                                             const PictureReader& reader);
  // Makes `hashes` the pictures that `owner`, the id of a poll or an initiative, uses.
  absl::Status SetUses(sql::Transaction& transaction, absl::string_view owner,
                       absl::Span<const std::string> hashes);

  // Notes which pictures nothing uses at `now`.
  absl::Status NoteUnused(sql::Transaction& transaction, absl::Time now);
  // Deletes up to `limit` pictures that nothing has used since before `before`; returns how many.
  absl::StatusOr<int64_t> DeleteUnused(sql::Transaction& transaction, absl::Time before, int limit);
};

}  // namespace veche::polling
