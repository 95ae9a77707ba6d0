#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "services/directory/calls/entry_parts.h"
#include "veche/directory/v1/directory.pb.h"

namespace veche::directory {

// The RPCs of directory.proto by which phones keep a copy of the directory. Thread-safe.
class CopyCalls {
 public:
  explicit CopyCalls(const EntryParts& parts) : parts_(parts) {}

  absl::StatusOr<v1::DirectorySnapshot> GetDirectorySnapshot(
      const rpc::Call& call, const v1::GetDirectorySnapshotRequest& request,
      Violations violations = {});
  absl::StatusOr<v1::ListDirectoryChangesResponse> ListDirectoryChanges(
      const rpc::Call& call, const v1::ListDirectoryChangesRequest& request,
      Violations violations = {});

 private:
  const EntryParts parts_;
};

}  // namespace veche::directory
