#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "google/api/httpbody.pb.h"
#include "services/directory/calls/entry_parts.h"
#include "veche/directory/v1/organization_files.pb.h"

namespace veche::directory {

// The RPCs of organization_files.proto. Thread-safe.
class FileCalls {
 public:
  using ImportSink = rpc::StreamSink<google::api::HttpBody, v1::ImportOrganizationsResponse>;
  using CheckSink = rpc::StreamSink<google::api::HttpBody, v1::CheckOrganizationsResponse>;
  using Producer = rpc::StreamProducer<google::api::HttpBody>;

  explicit FileCalls(const EntryParts& parts) : parts_(parts) {}

  absl::StatusOr<std::unique_ptr<ImportSink>> ImportOrganizations(const rpc::Call& call);
  absl::StatusOr<std::unique_ptr<CheckSink>> CheckOrganizations(const rpc::Call& call);
  absl::StatusOr<std::unique_ptr<Producer>> ExportOrganizations(
      const rpc::Call& call, const v1::ExportOrganizationsRequest& request);

 private:
  const EntryParts parts_;
};

}  // namespace veche::directory
