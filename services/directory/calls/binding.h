#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/directory/calls/copy_calls.h"
#include "services/directory/calls/directory_calls.h"
#include "services/directory/calls/e_service_calls.h"
#include "services/directory/calls/file_calls.h"
#include "services/directory/calls/organization_calls.h"
#include "services/directory/calls/organization_edit_calls.h"

namespace veche::directory {

// All handlers of the service.
struct Handlers {
  // `parts` and `store` must outlive the object.
  Handlers(Store& store, const EntryParts& parts)
      : directory(store, parts),
        copies(parts),
        organizations(parts),
        organization_edits(parts),
        e_services(parts),
        files(parts) {}

  DirectoryCalls directory;
  CopyCalls copies;
  OrganizationCalls organizations;
  OrganizationEditCalls organization_edits;
  EServiceCalls e_services;
  FileCalls files;
};

// Each RPC of the service with its handler. `handlers` must outlive what serves them.
std::vector<rpc::ServiceBuilder> Bind(Handlers& handlers);

}  // namespace veche::directory
