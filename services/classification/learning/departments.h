#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace veche::classification {

// The kinds of the city's departments. Thread-safe.
class DepartmentSource {
 public:
  virtual ~DepartmentSource() = default;
  // "departments/{id}" → kind ("roads"), for departments that have a kind. Unavailable when the
  // directory does not answer.
  virtual absl::StatusOr<std::map<std::string, std::string>> Kinds() = 0;
};

// Reads them from the service directory.
std::unique_ptr<DepartmentSource> DirectoryDepartments(std::shared_ptr<grpc::Channel> channel);

// For a process without the address of directory: one department for each kind, with the same name.
std::unique_ptr<DepartmentSource> DepartmentsNamedByKind();

}  // namespace veche::classification
