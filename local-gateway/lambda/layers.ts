import { cp, lstat, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { LocalGatewayError } from "../errors.ts";
import type { LayerDefinition } from "../template/layers.ts";
import type { BuildLifetime } from "./child-processes.ts";
import { makePackage, needsPackage } from "./deployment-package.ts";

/**
 * Where the content of layers is on this machine: what Lambda has in `/opt`. Functions with the same layers share it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
 */
export class LayerFolders {
  readonly #directory: string;
  readonly #lifetime: BuildLifetime;
  readonly #onUnbuilt: (layerId: string) => void;
  readonly #contents = new Map<string, string>();
  readonly #merged = new Map<string, string>();

  /**
   * @param directory where contents are unpacked, built and merged
   * @param lifetime how long the programs that build contents may run
   * @param onUnbuilt called with the logical id of a layer whose content is used as it is, because the program that builds it
   *   is not on this machine
   */
  constructor(directory: string, lifetime: BuildLifetime, onUnbuilt: (layerId: string) => void) {
    this.#directory = directory;
    this.#lifetime = lifetime;
    this.#onUnbuilt = onUnbuilt;
  }

  /**
   * The folder with the content of these layers; of a path that several have, what the last one has there. It is a copy: a
   * package.json of the project, above the content, would decide which of its files are ES modules. Undefined without layers.
   *
   * Throws a LocalGatewayError BUILD_FAILED when a layer does not build or cannot be copied. Not to be called again before it
   * has resolved.
   */
  async folderOf(layers: readonly LayerDefinition[]): Promise<string | undefined> {
    if (layers.length === 0) {
      return;
    }
    const key = layers.map(({ logicalId }) => logicalId).join(" ");
    const merged = this.#merged.get(key) ?? join(this.#directory, `layers.${this.#merged.size}`);
    if (!this.#merged.has(key)) {
      for (const layer of layers) {
        await this.#copy(layer, merged);
      }
      this.#merged.set(key, merged);
    }
    return merged;
  }

  async #contentOf(layer: LayerDefinition): Promise<string> {
    const { logicalId, codePath } = layer;
    let content = this.#contents.get(logicalId);
    if (content === undefined) {
      content = codePath;
      if (needsPackage(layer)) {
        const directory = join(this.#directory, `${logicalId}.layer`);
        const isMade = await makePackage(layer, directory, this.#lifetime);
        content = isMade ? directory : codePath;
        if (!isMade) {
          this.#onUnbuilt(logicalId);
        }
      }
      this.#contents.set(logicalId, content);
    }
    return content;
  }

  async #copy(layer: LayerDefinition, directory: string): Promise<void> {
    const content = await this.#contentOf(layer);
    try {
      // A link to the content would be copied as a link.
      const source = await realpath(content);
      await cp(source, join(directory, layer.folder), { recursive: true, filter: makeWay });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const problem = `The layer ${layer.logicalId} cannot be copied: ${reason}`;
      throw new LocalGatewayError("BUILD_FAILED", problem, { cause });
    }
  }
}

/** Removes what an earlier layer has at `to` when `cp` would not replace it by what is at `from`. Everything is copied: true. */
async function makeWay(from: string, to: string): Promise<true> {
  const [own, earlier] = await Promise.all([lstat(from), lstat(to).catch(() => undefined)]);
  const isOtherKind = own.isDirectory() !== earlier?.isDirectory() || own.isSymbolicLink();
  if (earlier !== undefined && isOtherKind) {
    await rm(to, { recursive: true });
  }
  return true;
}
