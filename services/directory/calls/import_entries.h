#pragma once

#include <vector>

#include "common/base/error.h"
#include "services/directory/domain/organization.h"
#include "services/directory/snapshot/snapshot.h"
#include "veche/directory/v1/directory.pb.h"

namespace veche::directory {

// The organizations and e-services of an import.
struct ImportedEntries {
  std::vector<Organization> organizations;
  std::vector<EService> e_services;
};

// Reads the entries of a request and adds a violation for each field that is not right, such as
// "organizations[3].category". Entries may refer to rows of the same request, `update`.
ImportedEntries ReadEntries(const v1::ImportDirectoryRequest& request, const City& update,
                            const Snapshot& snapshot, Violations& violations);

}  // namespace veche::directory
