#include "services/directory/calls/binding.h"

namespace veche::directory {

std::vector<rpc::ServiceBuilder> Bind(Handlers& handlers) {
  return {
      rpc::ServiceBuilder("veche.directory.v1.Directory")
          .Unary(handlers.directory, &DirectoryCalls::ListDistricts, &DirectoryCalls::GetDistrict,
                 &DirectoryCalls::LocateDistrict, &DirectoryCalls::ListDepartments,
                 &DirectoryCalls::ListCategories, &DirectoryCalls::ImportDirectory)
          .Unary(handlers.copies, &CopyCalls::GetDirectorySnapshot,
                 &CopyCalls::ListDirectoryChanges),
      rpc::ServiceBuilder("veche.directory.v1.Organizations")
          .Unary(handlers.organizations, &OrganizationCalls::ListOrganizations,
                 &OrganizationCalls::GetOrganization, &OrganizationCalls::ReviewOrganizations,
                 &OrganizationCalls::ListOrganizationCategories, &OrganizationCalls::ListMapLayers,
                 &OrganizationCalls::GetMapLayer)
          .Unary(handlers.organization_edits, &OrganizationEditCalls::CreateOrganization,
                 &OrganizationEditCalls::UpdateOrganization,
                 &OrganizationEditCalls::DeleteOrganization,
                 &OrganizationEditCalls::UndeleteOrganization,
                 &OrganizationEditCalls::ConfirmOrganization,
                 &OrganizationEditCalls::ListOrganizationChanges),
      rpc::ServiceBuilder("veche.directory.v1.EServices")
          .Unary(handlers.e_services, &EServiceCalls::ListEServices, &EServiceCalls::GetEService,
                 &EServiceCalls::CreateEService, &EServiceCalls::UpdateEService,
                 &EServiceCalls::DeleteEService, &EServiceCalls::UndeleteEService,
                 &EServiceCalls::ListEServiceChanges),
      rpc::ServiceBuilder("veche.directory.v1.OrganizationFiles")
          .Consume(handlers.files, &FileCalls::ImportOrganizations)
          .Consume(handlers.files, &FileCalls::CheckOrganizations)
          .Produce(handlers.files, &FileCalls::ExportOrganizations)};
}

}  // namespace veche::directory
