#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace veche::classification {

// What the city's departments are called, and of which kind each is. Thread-safe.
class DepartmentSource {
 public:
  virtual ~DepartmentSource() = default;
  // "departments/{id}" → kind ("roads"), of those that have one. Unavailable when the directory is.
  virtual absl::StatusOr<std::map<std::string, std::string>> Kinds() = 0;
};

// Asks the service directory.
std::unique_ptr<DepartmentSource> DirectoryDepartments(std::shared_ptr<grpc::Channel> channel);

// For a process that knows of no directory: each kind has one department of its name.
std::unique_ptr<DepartmentSource> UsualDepartments();

}  // namespace veche::classification
