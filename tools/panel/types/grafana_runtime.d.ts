// What the panel uses of @grafana/runtime: https://github.com/grafana/grafana/tree/main/packages/grafana-runtime

interface BackendSrv {
  /** Asks Grafana's own server. Rejects with `{status, data}` for an answer that is no success. */
  post(
    url: string,
    body: unknown,
    options?: { showErrorAlert?: boolean; showSuccessAlert?: boolean },
  ): Promise<unknown>;
}
interface DataSourceSrv {
  getList(filter: { type: string }): { uid: string; name: string }[];
}

export function getBackendSrv(): BackendSrv;
export function getDataSourceSrv(): DataSourceSrv;
