"""Where a town keeps the bytes of its documents: chosen here, once, for every process."""

from pathlib import Path

from storage.bucket_files import BucketFiles
from storage.files import Bucket, Files
from storage.folder_files import FolderFiles


def files_at(folder: Path, bucket: Bucket | None) -> Files:
    """The keeper of the documents: the bucket if there is one, else the folder."""
    if bucket is None:
        return FolderFiles(folder)
    return BucketFiles(bucket, folder.parent / "benches")
