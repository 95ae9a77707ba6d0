#pragma once

#include <grpcpp/grpcpp.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/demo/demo_files.h"

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

// Creates the staff accounts of a demo city (staff.tsv), with random passwords. A row whose login
// has "{department}" is an account for each department; "{title}" is the department's title. `file`
// (demo-accounts.json) is written before the accounts are created, so that no password is lost;
// accounts that are already in the file keep their passwords, and are created if identity does not
// have them. `new_context` returns the context of a call by a service or an administrator. Returns
// all accounts of the file.
absl::StatusOr<std::vector<DemoAccount>> CreateDemoStaff(
    const std::shared_ptr<grpc::Channel>& identity,
    const std::function<std::unique_ptr<grpc::ClientContext>()>& new_context,
    const DemoFiles& files, absl::Span<const DemoDepartment> departments,
    const std::filesystem::path& file);

// The accounts that CreateDemoStaff wrote; none when there is no file. FailedPrecondition when the
// file is something else.
absl::StatusOr<std::vector<DemoAccount>> ReadDemoAccounts(const std::filesystem::path& file);

}  // namespace veche::identity
