#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "services/directory/calls/entry_editor.h"
#include "services/directory/calls/entry_parts.h"
#include "veche/directory/v1/e_services.pb.h"

namespace veche::directory {

// The RPCs of e_services.proto; reads are from memory. Thread-safe.
class EServiceCalls {
 public:
  explicit EServiceCalls(const EntryParts& parts) : parts_(parts), editor_(parts) {}

  absl::StatusOr<v1::ListEServicesResponse> ListEServices(const rpc::Call& call,
                                                          const v1::ListEServicesRequest& request,
                                                          Violations violations = {});
  absl::StatusOr<v1::EService> GetEService(const rpc::Call& call,
                                           const v1::GetEServiceRequest& request);
  absl::StatusOr<v1::EService> CreateEService(const rpc::Call& call,
                                              const v1::CreateEServiceRequest& request,
                                              Violations violations = {});
  absl::StatusOr<v1::EService> UpdateEService(const rpc::Call& call,
                                              const v1::UpdateEServiceRequest& request,
                                              Violations violations = {});
  absl::StatusOr<v1::EService> DeleteEService(const rpc::Call& call,
                                              const v1::DeleteEServiceRequest& request);
  absl::StatusOr<v1::EService> UndeleteEService(const rpc::Call& call,
                                                const v1::UndeleteEServiceRequest& request);
  absl::StatusOr<v1::ListEServiceChangesResponse> ListEServiceChanges(
      const rpc::Call& call, const v1::ListEServiceChangesRequest& request,
      Violations violations = {});

 private:
  const EntryParts parts_;
  EntryEditor<EService> editor_;
};

}  // namespace veche::directory
