#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/merkle/signed_head.h"

// A whole board as a file: one JSON object on a line (docs/polling-protocol.md, section 4).

namespace veche::polling::protocol {

// A line that is longer is no entry: the file is refused.
inline constexpr size_t kMaxBoardLine = size_t{4} << 20;

// The lines, each with its end. The head's log_id is the poll's id.
std::string EncodeBoardHeader(const merkle::SignedHead& head);
std::string EncodeBoardEntry(absl::string_view entry);

// Reads a file in one pass, in memory for one line. Not thread-safe.
class BoardFileReader {
 public:
  // Reads the first line. `file` must outlive the reader. InvalidArgument, which names the line and
  // the member, when it is not a header.
  static absl::StatusOr<BoardFileReader> Open(std::istream& file);

  const merkle::SignedHead& head() const { return head_; }
  // Reads the next entry into `entry`. False at the end of the file; InvalidArgument, which names
  // the line, when the line is not an entry.
  absl::StatusOr<bool> Next(std::string& entry);

 private:
  explicit BoardFileReader(std::istream& file) : file_(&file) {}
  absl::StatusOr<bool> NextLine(std::string& line);

  std::istream* file_;
  merkle::SignedHead head_;
  uint64_t line_ = 0;
};

}  // namespace veche::polling::protocol
