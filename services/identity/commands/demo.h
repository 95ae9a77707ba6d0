#pragma once

#include <grpcpp/grpcpp.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace veche::identity {

struct DemoDepartment {
  std::string name;   // "departments/{id}"
  std::string title;  // part of its officer's display name
};

struct DemoAccount {
  std::string login;
  std::string password;
  std::vector<std::string> roles;  // "OFFICER"
  std::string department;          // of officers
  std::string display_name;
};

// Makes the staff accounts of a demo: one for each role that has no department, one OFFICER for
// each department. Passwords are random. `file` (demo-accounts.json) is written before the accounts
// are made, so that no account exists whose password is lost; accounts that it already has are kept
// with their passwords, and made if they are not there. `new_context` gives the context of a call
// by a service or administrator. Returns all accounts of the file.
absl::StatusOr<std::vector<DemoAccount>> CreateDemoStaff(
    const std::shared_ptr<grpc::Channel>& identity,
    const std::function<std::unique_ptr<grpc::ClientContext>()>& new_context,
    absl::Span<const DemoDepartment> departments, const std::filesystem::path& file);

}  // namespace veche::identity
